#include "matcher/files/sum.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "matcher/files/hash.hpp"

namespace matcher {
namespace {

constexpr std::string_view object_end = "\n}\n", before = ",\n  \"sum\": \"", after = "\"\n}\n";
constexpr std::size_t digits = 32, tail_size = before.size() + digits + after.size();

std::string tail_of(std::string_view body) {
  return fmt::format("{}{}{}", before, content_hash(std::as_bytes(std::span(body))), after);
}

std::size_t count_differences(std::string_view a, std::string_view b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return count;
}

/// True for a tail around the digits of a sum, also if a few of its bytes flipped.
bool looks_like_tail(std::string_view tail) {
  return count_differences(tail.substr(0, before.size()), before) +
             count_differences(tail.substr(before.size() + digits), after) <=
         2;
}

}  // namespace

std::string with_sum(std::string text) {
  if (text.ends_with(object_end)) text.resize(text.size() - object_end.size());
  return text + tail_of(text);
}

bool has_wrong_sum(std::string_view text) {
  for (const bool is_cut : {false, true}) {
    const auto whole = std::string(text) + (is_cut ? "\n" : "");
    if (whole.size() < tail_size) continue;
    const auto body = std::string_view(whole).substr(0, whole.size() - tail_size);
    const auto tail = std::string_view(whole).substr(body.size());
    if (looks_like_tail(tail)) return is_cut || tail != tail_of(body);
  }
  return false;
}

}  // namespace matcher
