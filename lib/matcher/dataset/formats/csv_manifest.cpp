// CSV manifests: one row per image or text, with columns path, label, split, view, category, text and id.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/csv.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {
namespace {

/// Returns the path relative to the root. With `image_root`, a leading '/' means that folder.
fs::path within_root(const Source& source, const std::string& written) {
  if (source.image_root.empty()) return fs::path(written).lexically_normal();
  return (source.image_root / fs::path(written).relative_path()).lexically_normal();
}

void set_path(Item& item, const Source& source, const fs::path& root, const std::string& written) {
  const auto relative = within_root(source, written);
  item.path = (root / relative).lexically_normal().string();
  if (item.id.empty()) item.id = relative.generic_string();
}

LocatedItem read_row(const Table& table, const CsvRow& row, const Source& source, const fs::path& root) {
  const auto field = [&](const char* word) { return table.value(row, word); };
  Item item{field("id"), "", field("label"), field("split"), field("view"), field("category"), field("text")};
  if (item.split.empty()) item.split = source.split;
  if (const auto written = field("path"); !written.empty()) {
    set_path(item, source, root, written);
  } else if (item.text.empty()) {
    throw Error(ErrorCode::input,
                fmt::format("{}: neither a path nor a text. Fill in one, or remove the row", table.where(row)));
  }
  if (item.id.empty()) item.id = fmt::format("{}:{}", source.path, row.line);
  return {std::move(item), table.where(row)};
}

std::vector<LocatedItem> read_manifest(const Source& source, const fs::path& root) {
  const Table table(root / source.path, {source.header, source.trim, source.columns},
                    {"path", "label", "split", "view", "category", "text", "id"});
  if (!table.has("text")) table.require("path");
  std::vector<LocatedItem> items;
  items.reserve(table.rows().size());
  for (const auto& row : table.rows()) items.push_back(read_row(table, row, source, root));
  return items;
}

bool is_header(const CsvRow& row) {
  return std::any_of(row.fields.begin(), row.fields.end(), [](auto& f) { return f == "path" || f == "text"; });
}

/// Refuses a first row that is neither a header nor an item: it is a header with other words.
void require_image(const fs::path& csv, const CsvRow& row) {
  const auto& path = row.fields.front();
  if (is_image_name(path) || fs::is_regular_file(csv.parent_path() / path)) return;
  throw Error(
      ErrorCode::input,
      fmt::format(
          "{}:{}: no column is called \"path\", and \"{}\" is not an image. Call the column with the images \"path\", "
          "or name the columns in a dataset.yaml",
          csv.string(), row.line, path));
}

std::vector<Source> describe_csv(const fs::path& csv) {
  if (fs::is_directory(csv)) return {};
  Source source;
  source.format = "csv";
  source.path = csv.filename().string();
  const auto rows = read_csv(csv, true);
  if (rows.empty()) throw Error(ErrorCode::input, fmt::format("\"{}\" is empty", csv.string()));
  if (is_header(rows.front())) return {source};
  require_image(csv, rows.front());
  source.header = false;
  constexpr std::array words{"path", "label", "category"};
  for (std::size_t i = 0; i < std::min(words.size(), rows.front().fields.size()); ++i) {
    source.columns[words[i]] = std::to_string(i + 1);
  }
  return {source};
}

}  // namespace

const Format csv_manifest_format{{"csv", true}, describe_csv, read_manifest};

}  // namespace matcher::dataset
