#include "matcher/image/filter.hpp"

#include <algorithm>
#include <array>

namespace matcher::image {
namespace {

constexpr std::array<std::string_view, 6> names{"nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"};

}  // namespace

std::string_view to_string(Filter filter) { return names.at(std::size_t(filter)); }

std::optional<Filter> find_filter(std::string_view name) {
  const auto* found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Filter>(found - names.begin());
}

std::string filter_names() {
  std::string list;
  for (const auto name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  return list;
}

}  // namespace matcher::image
