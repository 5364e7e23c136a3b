// Columns and notes about queries that are newly broken or newly fixed against the baseline.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "matcher/report/tables/comparison/column.hpp"

namespace matcher::report {

/// The numbers of broken and fixed queries; blank for the baseline. Empty if nothing changed, unless `always`.
std::vector<Column> change_columns(const Comparison& comparison, bool always);

/// The names of these columns, the first one that a narrow terminal leaves out first.
std::vector<std::string> minor_change_columns();

/// The numbers over all models and, if `listed`, every changed query. Empty if nothing changed.
std::vector<std::string> change_notes(const Comparison& comparison, bool listed);

/// "8.5", or "3.1 to 8.5" for different texts of the smallest and the largest value.
template <class Values, class Text>
std::string range_of(const Values& values, const Text& text) {
  const auto [low, high] = std::ranges::minmax(values);
  return text(low) == text(high) ? text(low) : text(low) + " to " + text(high);
}

}  // namespace matcher::report
