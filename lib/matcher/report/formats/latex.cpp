#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "matcher/report/formats/formats.hpp"
#include "matcher/report/formats/layout.hpp"

namespace matcher::report {
namespace {

std::string escaped(char c) {
  switch (c) {
    case '\\':
      return "\\textbackslash{}";
    case '~':
      return "\\textasciitilde{}";
    case '^':
      return "\\textasciicircum{}";
    case '\n':
      return " ";
    default:
      return (std::string_view("&%$#_{}").find(c) == std::string_view::npos ? "" : "\\") + std::string(1, c);
  }
}

std::string row(const std::vector<std::string>& cells) {
  std::vector<std::string> texts;
  for (const auto& cell : cells) {
    auto& text = texts.emplace_back();
    for (const char c : cell) text += escaped(c);
  }
  return fmt::format("{} \\\\\n", fmt::join(texts, " & "));
}

std::string comment(std::string line) {
  std::ranges::replace(line, '\n', ' ');
  return "% " + line + '\n';
}

}  // namespace

/// A tabular with the rules of the package booktabs. Caption and notes become comments: the document has its own
/// caption.
std::string write_latex(const Table& table) {
  std::string out, alignment;
  for (const auto& line : table.caption) out += comment(line);
  for (std::size_t i = 0; i < table.columns.size(); ++i) alignment += is_number_column(table, i) ? 'r' : 'l';
  out += fmt::format("\\begin{{tabular}}{{{}}}\n\\toprule\n", alignment) + row(table.columns) + "\\midrule\n";
  for (const auto& cells : table.rows) out += row(cells);
  out += "\\bottomrule\n\\end{tabular}\n";
  for (const auto& line : table.notes) out += comment(line);
  return out;
}

}  // namespace matcher::report
