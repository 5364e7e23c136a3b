#include "matcher/core/csv.hpp"

#include "matcher/report/formats/formats.hpp"

namespace matcher::report {

std::string write_csv(const Table& table) {
  auto out = csv_line(table.columns);
  for (const auto& row : table.rows) out += csv_line(row);
  return out;
}

}  // namespace matcher::report
