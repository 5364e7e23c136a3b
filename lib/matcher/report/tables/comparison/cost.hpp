// Columns of a comparison with the cost of each model, if it was requested.
#pragma once

#include <string>
#include <vector>

#include "matcher/report/tables/comparison/column.hpp"

namespace matcher::report {

/// Bytes per vector, memory of one and ten million, parameters, licence, price. Empty without costs.
std::vector<Column> cost_columns(const Comparison& comparison);

/// The names of these columns for CSV, and the cells of a row. Empty without costs.
std::vector<std::string> cost_names(const Comparison& comparison);
std::vector<std::string> cost_cells(const Row& row, const Comparison& comparison);

/// The names of the columns that a narrow terminal leaves out, the first first. The price stays longest.
std::vector<std::string> minor_cost_columns();
std::string price_column();

}  // namespace matcher::report
