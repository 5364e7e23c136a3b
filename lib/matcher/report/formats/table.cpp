#include "matcher/report/escape.hpp"
#include "matcher/report/formats/formats.hpp"
#include "matcher/report/formats/layout.hpp"

namespace matcher::report {
namespace {

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string write_table(const Table& raw) {
  const auto table = escaped(raw, escape_terminal, escape_terminal);
  const Layout layout(table);
  std::string out;
  for (const auto& line : table.caption) out += line + '\n';
  if (!table.caption.empty()) out += '\n';
  out += without_trailing_spaces(layout.header(table.columns, "  ")) + '\n';
  for (const auto& row : table.rows) out += without_trailing_spaces(layout.line(row, "  ")) + '\n';
  if (!table.notes.empty()) out += '\n';
  for (const auto& line : table.notes) out += line + '\n';
  return out;
}

}  // namespace matcher::report
