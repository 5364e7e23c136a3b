// Normalises texts and cuts them into words as CLIP's tokenizer does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace matcher::model {

/// Throws Error(input) with the position of the first byte that is not UTF-8.
void check_utf8(std::string_view text);

/// Converts valid UTF-8 to code points, and back.
std::vector<std::int32_t> code_points(std::string_view text);
std::string to_utf8(const std::vector<std::int32_t>& points);

/// Converts valid UTF-8 to code points in normal form C, then to lower case, each by itself: a final sigma is like any
/// other, and U+0130 becomes "i" and U+0307.
std::vector<std::int32_t> normalised(std::string_view text);

/// Cuts code points into words. A word is one of CLIP's contractions ('s 't 're 've 'm 'll 'd), letters, one digit, or
/// other characters that are not white space.
class Words {
 public:
  explicit Words(std::vector<std::int32_t> points) : points_(std::move(points)) {}

  /// Returns the next word as UTF-8, valid until the next call; nullopt after the last.
  std::optional<std::string_view> next();

 private:
  std::size_t word_end();

  std::vector<std::int32_t> points_;
  std::size_t at_ = 0;
  std::size_t boundary_ = 0;  ///< no word extends past this position
  std::string word_;
};

}  // namespace matcher::model
