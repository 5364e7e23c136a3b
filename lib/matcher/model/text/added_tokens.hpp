// Tokens that are found in a text before it is cut into others. Reference: the `tokenizers` library,
// added_vocabulary.rs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace matcher::model {

class AddedTokens {
 public:
  void add(std::string token, std::int32_t id);

  /// Calls plain(part) and token(id) for the parts of a text, from left to right. Of several tokens at one place the
  /// longest is taken.
  void split(std::string_view text, const std::function<void(std::string_view)>& plain,
             const std::function<void(std::int32_t)>& token) const;

 private:
  std::unordered_map<std::string, std::int32_t> ids_;
  std::vector<std::size_t> lengths_;  ///< bytes, descending
};

}  // namespace matcher::model
