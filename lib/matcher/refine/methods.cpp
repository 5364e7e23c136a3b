#include "matcher/refine/methods.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "matcher/core/error.hpp"

namespace matcher::refine {

#define MATCHER_ADDRESS(name) &name##_method,
std::span<const Method* const> methods() {
  static constexpr std::array all{MATCHER_METHODS(MATCHER_ADDRESS)};
  return all;
}
#undef MATCHER_ADDRESS

std::size_t Method::most_dimensions(std::size_t d, std::size_t count) const {
  return takes_dimension ? std::min(d, count - 1) : d;
}

bool Method::can_learn(const Scatter& scatter) const {
  return scatter.count() >= 2 && (!needs_labels || (scatter.products() >= 2 && scatter.repeated() > 0));
}

const Method& find_method(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto* method : methods()) {
    if (method->name == name) return *method;
    names.emplace_back(method->name);
  }
  throw Error(ErrorCode::usage, fmt::format("unknown method \"{}\"; use {}", name, fmt::join(names, ", ")));
}

void check_dimension(const Method& method, const Scatter& scatter, std::size_t dimension) {
  const auto most = method.most_dimensions(scatter.dimension(), scatter.count());
  if (!method.takes_dimension || (dimension > 0 && dimension <= most)) return;
  throw Error(ErrorCode::usage, fmt::format("--dimension {} is not possible: {} vectors of {} dimensions allow 1 to {}",
                                            dimension, scatter.count(), scatter.dimension(), most));
}

LinearMap fit(const Method& method, const Scatter& scatter, const FitSettings& settings) {
  check_dimension(method, scatter, settings.dimension);
  return method.fit(scatter, settings);
}

}  // namespace matcher::refine
