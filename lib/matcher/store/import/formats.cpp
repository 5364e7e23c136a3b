#include "matcher/store/import/formats.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "matcher/core/text.hpp"

namespace matcher::store {

const std::vector<const ImportFormat*>& import_formats() {
#define MATCHER_POINT_TO(name) &name##_format,
  static const std::vector<const ImportFormat*> all{MATCHER_IMPORT_FORMATS(MATCHER_POINT_TO)};
#undef MATCHER_POINT_TO
  return all;
}

const ImportFormat* find_import_format(const fs::path& file) {
  const auto extension = lower_case(file.extension().string());
  const auto& all = import_formats();
  const auto found =
      std::ranges::find_if(all, [&](const auto* format) { return std::ranges::count(format->extensions, extension); });
  return found == all.end() ? nullptr : *found;
}

std::string import_extensions() {
  std::vector<std::string_view> names;
  for (const auto* format : import_formats())
    names.insert(names.end(), format->extensions.begin(), format->extensions.end());
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::uint64_t> numbers_from(std::uint64_t first, std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

}  // namespace matcher::store
