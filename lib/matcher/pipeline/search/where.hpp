// Chooses items of an index by the values in their columns: `--where category=Apple`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/index/row_filter.hpp"
#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// Parses COLUMN=VALUE, each. Values of one column are joined: a row needs one of them. Throws Error(usage).
std::vector<index::ColumnCondition> parse_conditions(std::span<const std::string> texts);

/// The items that meet all conditions. Columns are those of items.csv that have a value in an item of the index. Throws
/// Error(usage) with the known ones for an unknown column or value, and if no item meets all conditions. `place` is the
/// index, for messages.
index::RowFilter choose_rows(std::span<const store::ItemRow> items, std::vector<index::ColumnCondition> conditions,
                             const std::string& place);

}  // namespace matcher::pipeline
