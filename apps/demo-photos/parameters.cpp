#include "demo-photos/parameters.hpp"

#include <fmt/format.h>

namespace matcher::demo {

std::vector<std::pair<std::string, std::uint64_t>> list_parameters(const Parameters& parameters) {
  const auto number = [](int value) { return static_cast<std::uint64_t>(value); };
  return {{"products", number(parameters.products)},
          {"gallery-views", number(parameters.gallery_views)},
          {"query-views", number(parameters.query_views)},
          {"unknown", number(parameters.unknown)},
          {"size", number(parameters.size)},
          {"seed", parameters.seed},
          {"quality", number(parameters.quality)}};
}

std::string changed_flags(const Parameters& parameters) {
  const auto defaults = list_parameters({});
  std::string flags;
  for (std::size_t i = 0; const auto& [name, value] : list_parameters(parameters)) {
    if (value != defaults[i++].second) flags += fmt::format(" --{} {}", name, value);
  }
  return flags;
}

}  // namespace matcher::demo
