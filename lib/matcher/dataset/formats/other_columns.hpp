// Chooses which columns of a catalogue, beside those with a meaning, an item keeps: those that could be slices.
#pragma once

#include <string_view>

#include "matcher/core/column_value.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/json_text.hpp"

namespace matcher::dataset {

constexpr std::size_t most_other_columns = 50;  ///< the first columns alone: a table of features has thousands
constexpr std::size_t longest_value = 200;      ///< bytes; a longer value is a description, and is left out

/// The columns of a table that have a name and no meaning.
class OtherColumns {
 public:
  explicit OtherColumns(const Table& table);
  ColumnValues read(const CsvRow& row) const;

 private:
  struct Column {
    std::size_t place;
    SharedText name;
  };
  std::vector<Column> columns_;
};

/// The texts, numbers and truth values of an object whose keys have no meaning, neither here nor in `columns`.
ColumnValues read_other_keys(const Json& object, const Columns& columns);

}  // namespace matcher::dataset
