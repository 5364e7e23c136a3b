#include "matcher/pipeline/shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "matcher/core/error.hpp"

namespace matcher::pipeline {
namespace {

/// Returns 0 for text that is not a number.
std::size_t parse_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace

Shard parse_shard(const std::string& text) {
  const auto slash = std::min(text.find('/'), text.size());
  const Shard shard{parse_number(std::string_view(text).substr(0, slash)),
                    parse_number(std::string_view(text).substr(std::min(slash + 1, text.size())))};
  if (shard.number >= 1 && shard.number <= shard.of) return shard;
  throw Error(ErrorCode::usage,
              fmt::format("--shard \"{}\" is not NUMBER/OF with NUMBER from 1 to OF, for example 3/16", text));
}

}  // namespace matcher::pipeline
