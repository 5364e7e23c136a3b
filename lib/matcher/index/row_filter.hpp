// Chooses the rows of an index that a search may answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace matcher::index {

/// A column of the items, and the values that are wanted in it.
struct ColumnCondition {
  std::string column;
  std::vector<std::string> values;
};

struct RowFilter {
  std::vector<std::uint32_t> rows;  ///< rising
  /// How the rows were chosen: each column has one of its values. A database chooses by these itself.
  std::vector<ColumnCondition> conditions;
};

}  // namespace matcher::index
