#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/report/escape.hpp"
#include "matcher/report/formats/formats.hpp"
#include "matcher/report/formats/layout.hpp"

namespace matcher::report {
namespace {

std::string row(const std::vector<std::string>& cells) { return fmt::format("{} \\\\\n", fmt::join(cells, " & ")); }

std::string comment(std::string_view line) { return "% " + escape_terminal(line) + '\n'; }

}  // namespace

/// A tabular with the rules of the package booktabs. Caption and notes become comments: the document has its own
/// caption.
std::string write_latex(const Table& raw, const Screen& /*screen*/) {
  const auto table = escaped(raw, escape_latex, comment);
  std::string out, alignment;
  for (const auto& line : table.caption) out += line;
  for (std::size_t i = 0; i < table.columns.size(); ++i) alignment += is_number_column(table, i) ? 'r' : 'l';
  out += fmt::format("\\begin{{tabular}}{{{}}}\n\\toprule\n", alignment) + row(table.columns) + "\\midrule\n";
  for (const auto& cells : table.rows) out += row(cells);
  out += "\\bottomrule\n\\end{tabular}\n";
  for (const auto& line : table.notes) out += line;
  return out;
}

}  // namespace matcher::report
