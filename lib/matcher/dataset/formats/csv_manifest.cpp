#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {
namespace {

/// A path as the dataset knows it: relative to the root. `image_root` makes a leading '/' mean itself.
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
                fmt::format("{}: neither a path nor a text; fill in one or remove the row", table.where(row)));
  }
  if (item.id.empty()) item.id = fmt::format("{}:{}", source.csv, row.line);
  return {std::move(item), table.where(row)};
}

}  // namespace

std::vector<LocatedItem> read_manifest(const Source& source, const fs::path& root) {
  const Table table(root / source.csv, {source.header, source.trim, source.columns},
                    {"path", "label", "split", "view", "category", "text", "id"});
  if (!table.has("text")) table.require("path");
  std::vector<LocatedItem> items;
  items.reserve(table.rows().size());
  for (const auto& row : table.rows()) items.push_back(read_row(table, row, source, root));
  return items;
}

}  // namespace matcher::dataset
