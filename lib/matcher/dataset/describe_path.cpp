#include "matcher/dataset/describe_path.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {
namespace {

fs::path whole_path(const fs::path& path) {
  const auto normal = fs::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

std::vector<Source> describe_sources(const fs::path& place) {
  for (const Format* format : formats())
    if (auto sources = format->describe(place); !sources.empty()) return sources;
  return {};
}

}  // namespace

Description describe_path(const fs::path& path) {
  if (!fs::exists(path)) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" does not exist. Give the path of a CSV or a folder", path.string()));
  }
  const auto place = whole_path(path);
  const bool folder = fs::is_directory(place);
  Description description;
  description.name = (folder ? place.filename() : place.stem()).string();
  description.origin = path.string();
  description.root = folder ? place.string() : place.parent_path().string();
  description.sources = describe_sources(place);
  return description;
}

}  // namespace matcher::dataset
