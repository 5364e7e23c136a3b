#include "matcher/pipeline/search/query_columns.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "matcher/run/gate.hpp"

namespace matcher::pipeline {
namespace {

/// The columns that embedding sets have, too. `Item` is one of a catalogue or of a set.
template <class Item>
ColumnValues stored_columns(const Item& item) {
  ColumnValues values;
  const auto add = [&](const char* column, const std::string& value) {
    if (!value.empty()) values.push_back({column, value});
  };
  add("split", item.split);
  add("view", item.view);
  add("group", item.group);
  return values;
}

std::vector<std::string> columns_of(std::span<const dataset::Item> items) {
  std::set<std::string> others;
  bool has_label = false, has_category = false;
  for (const auto& item : items) {
    has_label = has_label || !item.label.empty();
    has_category = has_category || !item.category.empty();
    for (const auto& value : stored_columns(item)) others.insert(value.column.text());
    for (const auto& value : item.others.get()) others.insert(value.column.text());
  }
  std::vector<std::string> columns;
  if (has_label) columns.emplace_back("label");
  if (has_category) columns.emplace_back("category");
  columns.insert(columns.end(), others.begin(), others.end());
  return columns;
}

}  // namespace

void check_columns(const dataset::Dataset& data, std::span<const std::string> wanted) {
  if (wanted.empty()) return;
  const auto columns = columns_of(data.queries);
  for (const auto& column : wanted)
    if (std::ranges::find(columns, column) == columns.end())
      run::refuse_slices(column, columns, data.name, "Add the column to the dataset, or leave --slice out");
}

void add_columns(std::span<const store::ItemRow> items, std::span<const dataset::Item> catalogue, run::Run& run) {
  std::unordered_map<std::string_view, const dataset::Item*> by_id;
  for (const auto& item : catalogue)
    if (!item.others.get().empty()) by_id.emplace(item.id, &item);
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto values = stored_columns(items[i]);
    if (const auto found = by_id.find(items[i].id); found != by_id.end()) {
      const auto& others = found->second->others.get();
      values.insert(values.end(), others.begin(), others.end());
    }
    for (const auto& value : values) run.columns.insert(value.column.text());
    if (!values.empty()) run.queries[i].details.edit().columns = std::move(values);
  }
}

}  // namespace matcher::pipeline
