#include "matcher/dataset/formats/other_columns.hpp"

#include <algorithm>

#include "matcher/dataset/columns.hpp"

namespace matcher::dataset {
namespace {

bool is_kept(std::string_view value) { return !value.empty() && value.size() <= longest_value; }

bool has_meaning(const std::string& key, const Columns& columns) {
  return key.empty() || is_column_word(key) || key == "file_name" || key == "objects" ||
         std::ranges::any_of(columns, [&](const auto& column) { return column.second == key; });
}

}  // namespace

OtherColumns::OtherColumns(const Table& table) {
  for (auto& [place, name] : table.unbound()) {
    const bool is_new = std::ranges::find(columns_, SharedText(name), &Column::name) == columns_.end();
    if (!name.empty() && is_new && !is_column_word(name) && columns_.size() < most_other_columns)
      columns_.push_back({place, name});
  }
}

ColumnValues OtherColumns::read(const CsvRow& row) const {
  ColumnValues values;
  for (const auto& [place, name] : columns_)
    if (place < row.fields.size() && is_kept(row.fields[place])) values.push_back({name, row.fields[place]});
  return values;
}

ColumnValues read_other_keys(const Json& object, const Columns& columns) {
  ColumnValues values;
  for (const auto& key : json_keys(object)) {
    if (has_meaning(key, columns) || values.size() == most_other_columns) continue;
    auto value = json_text(object[key]);
    const bool is_new = std::ranges::find(values, SharedText(key), &ColumnValue::column) == values.end();
    if (is_new && is_kept(value)) values.push_back({key, std::move(value)});
  }
  return values;
}

}  // namespace matcher::dataset
