// Unicode as CLIP's tokenizer sees it. Private to this layer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace matcher::model {

/// Throws Error(input) naming the first byte that is not UTF-8, by its position.
void check_utf8(std::string_view text);

/// The code points of a valid UTF-8 text in normal form C, and then in lower case, one by one: a final sigma is as any
/// other, and U+0130 becomes "i" and U+0307.
std::vector<std::int32_t> normalised(std::string_view text);

/// Cuts code points into words. A word is one of CLIP's contractions ('s 't 're 've 'm 'll 'd), letters, one digit, or
/// anything else that is no white space.
class Words {
 public:
  explicit Words(std::vector<std::int32_t> points) : points_(std::move(points)) {}

  /// The next word as UTF-8, valid until the next call; nothing after the last.
  std::optional<std::string_view> next();

 private:
  std::size_t word_end();

  std::vector<std::int32_t> points_;
  std::size_t at_ = 0;
  std::size_t boundary_ = 0;  ///< no word goes over it
  std::string word_;
};

}  // namespace matcher::model
