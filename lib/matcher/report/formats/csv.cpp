#include "matcher/files/csv.hpp"

#include "matcher/report/escape.hpp"
#include "matcher/report/formats/formats.hpp"
#include "matcher/report/formats/layout.hpp"

namespace matcher::report {

std::string write_csv(const Table& raw, const Screen& /*screen*/) {
  const auto table = escaped(raw, escape_csv, escape_csv);
  auto out = table.header ? csv_line(table.columns) : std::string();
  for (const auto& row : table.rows) out += csv_line(row);
  return out;
}

}  // namespace matcher::report
