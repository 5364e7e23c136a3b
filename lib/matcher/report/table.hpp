// Tables for people: the same rows as aligned text, Markdown, CSV or LaTeX.
#pragma once

#include <string>
#include <vector>

#include "matcher/report/report.hpp"

namespace matcher::report {

enum class Format { table, markdown, csv, latex, json };

/// Throws Error(usage) with the names that are allowed.
Format parse_format(const std::string& name);

struct Table {
  std::vector<std::string> caption;  ///< lines over the table; left out of CSV
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;  ///< lines under the table; left out of CSV
};

/// Whether a column is set right, as numbers are.
bool is_number_column(const Table& table, std::size_t column);

/// Numbers are set right, all else left. Format json is not a matter of tables: it is refused with Error(unexpected).
std::string render(const Table& table, Format format);

/// In CSV the cells are plain fractions and numbers; otherwise percents and units.
Table table_of(const Report& report, Format format);

/// "gallery: 2640 items of 81 labels; queries: 2485; ..." and what was left out.
std::vector<std::string> describe(const Report& report);

}  // namespace matcher::report
