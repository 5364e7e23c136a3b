#include "matcher/model/text/added_tokens.hpp"

#include <algorithm>

namespace matcher::model {

void AddedTokens::add(std::string token, std::int32_t id) {
  if (token.empty()) return;
  if (std::ranges::find(lengths_, token.size()) == lengths_.end()) lengths_.push_back(token.size());
  std::ranges::sort(lengths_, std::greater<>());
  ids_.insert_or_assign(std::move(token), id);
}

void AddedTokens::split(std::string_view text, const std::function<void(std::string_view)>& plain,
                        const std::function<void(std::int32_t)>& token) const {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = [&]() -> decltype(ids_)::const_iterator {
      for (const auto length : lengths_) {
        if (length > text.size() - at) continue;
        if (const auto known = ids_.find(std::string(text.substr(at, length))); known != ids_.end()) return known;
      }
      return ids_.end();
    }();
    if (found == ids_.end()) {
      ++at;
      continue;
    }
    if (at > begin) plain(text.substr(begin, at - begin));
    token(found->second);
    begin = at += found->first.size();
  }
  if (begin < text.size()) plain(text.substr(begin));
}

}  // namespace matcher::model
