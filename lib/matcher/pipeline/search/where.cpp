#include "matcher/pipeline/search/where.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"

namespace matcher::pipeline {
namespace {

using Conditions = std::vector<index::ColumnCondition>;
using Items = std::span<const store::ItemRow>;

struct Column {
  const char* name;
  std::string store::ItemRow::*value;
};

constexpr Column columns[] = {{"id", &store::ItemRow::id},       {"label", &store::ItemRow::label},
                              {"path", &store::ItemRow::path},   {"category", &store::ItemRow::category},
                              {"split", &store::ItemRow::split}, {"view", &store::ItemRow::view},
                              {"text", &store::ItemRow::text},   {"role", &store::ItemRow::role}};

bool has_values(const Column& column, Items items) {
  return std::ranges::any_of(items, [&](const auto& item) { return !(item.*column.value).empty(); });
}

const Column& find_column(const std::string& name, Items items, const std::string& place) {
  const auto known = std::ranges::find(columns, name, &Column::name);
  if (known != std::end(columns) && has_values(*known, items)) return *known;
  std::vector<std::string> names;
  for (const auto& column : columns) {
    if (has_values(column, items)) names.emplace_back(column.name);
  }
  throw Error(ErrorCode::usage, fmt::format("--where: the items of index \"{}\" have no column \"{}\". Their columns: "
                                            "{}. A column that the dataset has now is there after the index is built "
                                            "again",
                                            place, name, fmt::join(names, ", ")));
}

/// "did you mean "Apple"?", or the first values.
std::string describe_values(const Column& column, const std::string& wanted, Items items) {
  constexpr std::size_t most = 5;
  std::set<std::string> all;
  for (const auto& item : items) all.insert(item.*column.value);
  all.erase("");
  const std::vector<std::string> values(all.begin(), all.end());
  if (const auto near = nearest_name(wanted, values); !near.empty()) return fmt::format("Did you mean \"{}\"?", near);
  const auto shown = std::min(most, values.size());
  return fmt::format("Some of its {} values: {}", values.size(),
                     fmt::join(values.begin(), values.begin() + std::ptrdiff_t(shown), ", "));
}

void check_values(const index::ColumnCondition& condition, const Column& column, Items items,
                  const std::string& place) {
  for (const auto& value : condition.values) {
    if (std::ranges::any_of(items, [&](const auto& item) { return item.*column.value == value; })) continue;
    throw Error(ErrorCode::usage, fmt::format("--where: no item of index \"{}\" has the {} \"{}\". {}", place,
                                              condition.column, value, describe_values(column, value, items)));
  }
}

std::string describe(const Conditions& conditions) {
  std::vector<std::string> parts;
  for (const auto& [column, values] : conditions) parts.push_back(fmt::format("{}={}", column, fmt::join(values, "|")));
  return fmt::format("{}", fmt::join(parts, " and "));
}

bool meets(const store::ItemRow& item, const Column& column, const std::vector<std::string>& values) {
  return std::ranges::find(values, item.*column.value) != values.end();
}

}  // namespace

Conditions parse_conditions(std::span<const std::string> texts) {
  Conditions conditions;
  for (const auto& text : texts) {
    const auto at = text.find('=');
    if (at == 0 || at == std::string::npos || at + 1 == text.size())
      throw Error(ErrorCode::usage,
                  fmt::format("--where must be COLUMN=VALUE, such as category=Apple, not \"{}\"", text));
    const auto name = text.substr(0, at);
    auto condition = std::ranges::find(conditions, name, &index::ColumnCondition::column);
    if (condition == conditions.end()) condition = conditions.insert(condition, {name, {}});
    condition->values.push_back(text.substr(at + 1));
  }
  return conditions;
}

index::RowFilter choose_rows(Items items, Conditions conditions, const std::string& place) {
  std::vector<const Column*> chosen;
  for (const auto& condition : conditions) {
    chosen.push_back(&find_column(condition.column, items, place));
    check_values(condition, *chosen.back(), items, place);
  }
  index::RowFilter filter{{}, std::move(conditions)};
  for (std::size_t row = 0; row < items.size(); ++row) {
    bool is_chosen = true;
    for (std::size_t i = 0; i < chosen.size() && is_chosen; ++i)
      is_chosen = meets(items[row], *chosen[i], filter.conditions[i].values);
    if (is_chosen) filter.rows.push_back(std::uint32_t(row));
  }
  if (!filter.rows.empty()) return filter;
  throw Error(ErrorCode::usage,
              fmt::format("--where: no item of index \"{}\" has {}", place, describe(filter.conditions)));
}

}  // namespace matcher::pipeline
