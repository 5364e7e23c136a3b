#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/report/escape.hpp"
#include "matcher/report/formats/fit.hpp"
#include "matcher/report/formats/formats.hpp"
#include "matcher/report/formats/layout.hpp"

namespace matcher::report {
namespace {

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// Colours the text of a padded cell, not the blanks around it.
std::string coloured(const std::string& cell, Tone tone) {
  const auto first = cell.find_first_not_of(' ');
  if (first == std::string::npos) return cell;
  const auto last = cell.find_last_not_of(' ') + 1;
  return fmt::format("{}\033[{}m{}\033[0m{}", cell.substr(0, first), tone == Tone::better ? 32 : 31,
                     cell.substr(first, last - first), cell.substr(last));
}

std::string row_line(const Table& table, const Layout& layout, std::size_t row, bool colour) {
  auto cells = layout.padded(table.rows[row]);
  for (const auto& mark : table.marks) {
    if (colour && mark.row == row) cells[mark.column] = coloured(cells[mark.column], mark.tone);
  }
  return without_trailing_spaces(fmt::format("{}", fmt::join(cells, "  ")));
}

}  // namespace

std::string write_table(const Table& raw, const Screen& screen) {
  auto table = escaped(raw, escape_terminal, escape_terminal);
  if (screen.width > 0) table = fit(std::move(table), screen.width);
  const Layout layout(table);
  std::string out;
  for (const auto& line : table.caption) out += line + '\n';
  if (!table.caption.empty()) out += '\n';
  out += without_trailing_spaces(layout.header(table.columns, "  ")) + '\n';
  for (std::size_t row = 0; row < table.rows.size(); ++row) out += row_line(table, layout, row, screen.colour) + '\n';
  if (!table.notes.empty()) out += '\n';
  for (const auto& line : table.notes) out += line + '\n';
  return out;
}

}  // namespace matcher::report
