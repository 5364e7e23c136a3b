#include "matcher/dataset/describe_path.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

fs::path whole_path(const fs::path& path) {
  const auto normal = absolute_path(path);
  return normal.has_filename() ? normal : normal.parent_path();
}

std::vector<Source> describe_sources(const fs::path& path, const Columns& columns) {
  const Place place(path, columns);
  for (const Format* format : formats())
    if (auto sources = format->describe(place); !sources.empty()) return sources;
  return {};
}

}  // namespace

Description describe_path(const fs::path& path, const Columns& columns) {
  if (!path_exists(path)) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" {}. Give the path of a CSV or a folder", path.string(), why_missing(path)));
  }
  const auto place = whole_path(path);
  const bool folder = is_folder(place);
  Description description;
  description.name = valid_utf8((folder ? place.filename() : place.stem()).string());
  description.origin = path.string();
  description.root = folder ? place.string() : place.parent_path().string();
  description.sources = describe_sources(place, columns);
  return description;
}

}  // namespace matcher::dataset
