#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/csv.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {
namespace {

fs::path whole_path(const fs::path& path) {
  const auto normal = fs::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

bool is_header(const CsvRow& row) {
  return std::any_of(row.fields.begin(), row.fields.end(), [](auto& f) { return f == "path" || f == "text"; });
}

/// A first row that is neither a header nor an item is a header with other words.
void require_photo(const fs::path& csv, const CsvRow& row) {
  const auto& path = row.fields.front();
  if (is_picture(path) || fs::is_regular_file(csv.parent_path() / path)) return;
  throw Error(
      ErrorCode::input,
      fmt::format(
          "{}:{}: no column is called \"path\" and \"{}\" is no photo; call the column with the photos \"path\" "
          "or name the columns in a dataset.yaml",
          csv.string(), row.line, path));
}

Source describe_csv(const fs::path& csv) {
  Source source;
  source.csv = csv.filename().string();
  const auto rows = read_csv(csv, true);
  if (rows.empty()) throw Error(ErrorCode::input, fmt::format("{} is empty", csv.string()));
  if (is_header(rows.front())) return source;
  require_photo(csv, rows.front());
  source.header = false;
  constexpr std::array words{"path", "label", "category"};
  for (std::size_t i = 0; i < std::min(words.size(), rows.front().fields.size()); ++i) {
    source.columns[words[i]] = std::to_string(i + 1);
  }
  return source;
}

std::vector<Source> folders_named(const fs::path& root, std::initializer_list<const char*> names) {
  std::vector<Source> sources;
  for (const auto* name : names) {
    if (!fs::is_directory(root / name)) continue;
    Source source;
    source.folder = source.split = name;
    sources.push_back(source);
  }
  return sources;
}

std::vector<Source> describe_folder(const fs::path& root) {
  auto sources = folders_named(root, {"gallery", "train"});
  const auto queries = folders_named(root, {"queries", "query", "test"});
  if (!sources.empty() && !queries.empty()) {
    sources.insert(sources.end(), queries.begin(), queries.end());
    return sources;
  }
  Source whole;
  whole.folder = ".";
  return {whole};
}

}  // namespace

Description describe_path(const fs::path& path) {
  if (!fs::exists(path)) {
    throw Error(ErrorCode::input, fmt::format("{} is not there; give the path of a CSV or a folder", path.string()));
  }
  const auto place = whole_path(path);
  const bool folder = fs::is_directory(place);
  Description description;
  description.name = (folder ? place.filename() : place.stem()).string();
  description.origin = path.string();
  description.root = folder ? place.string() : place.parent_path().string();
  description.sources = folder ? describe_folder(place) : std::vector{describe_csv(place)};
  return description;
}

}  // namespace matcher::dataset
