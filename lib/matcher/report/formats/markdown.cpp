#include "matcher/report/escape.hpp"
#include "matcher/report/formats/formats.hpp"
#include "matcher/report/formats/layout.hpp"

namespace matcher::report {

std::string write_markdown(const Table& raw, const Screen& /*screen*/) {
  const auto table = escaped(raw, escape_markdown, escape_markdown_line);
  const Layout layout(table);
  std::string out;
  for (const auto& line : table.caption) out += line + "\n\n";
  out += "| " + layout.header(table.columns, " | ") + " |\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    out += std::string(layout.width(i) + 1, '-') + (layout.is_right(i) ? ":|" : "-|");
  out += '\n';
  for (const auto& row : table.rows) out += "| " + layout.line(row, " | ") + " |\n";
  for (const auto& line : table.notes) out += "\n" + line + '\n';
  return out;
}

}  // namespace matcher::report
