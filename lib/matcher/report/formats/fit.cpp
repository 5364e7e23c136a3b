#include "matcher/report/formats/fit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "matcher/core/text.hpp"
#include "matcher/report/formats/layout.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t gap = 2;        // blanks between columns
constexpr std::size_t narrowest = 8;  // a cell is not broken into shorter lines

using Widths = std::vector<std::size_t>;

std::size_t total(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
}

void remove_column(Table& table, std::size_t column) {
  const auto at = [&](auto& cells) { return cells.begin() + std::ptrdiff_t(column); };
  table.columns.erase(at(table.columns));
  for (auto& row : table.rows) row.erase(at(row));
  std::erase_if(table.marks, [&](const Mark& mark) { return mark.column == column; });
  for (auto& mark : table.marks) mark.column -= mark.column > column;
}

void drop_minor_columns(Table& table, std::size_t width) {
  std::vector<std::string> dropped;
  for (const auto& name : table.minor) {
    if (total(widths_of(table)) <= width) break;
    const auto found = std::ranges::find(table.columns, name);
    if (found == table.columns.end()) continue;
    remove_column(table, std::size_t(found - table.columns.begin()));
    dropped.push_back(name);
  }
  if (dropped.empty()) return;
  table.notes.insert(table.notes.begin(),
                     fmt::format("left out: {} (--format csv has every column)", fmt::join(dropped, ", ")));
}

/// Takes from the widest column until all fit, or no column can be narrower.
Widths fitting_widths(const Table& table, std::size_t width) {
  auto widths = widths_of(table);
  Widths least;
  for (const auto& name : table.columns) least.push_back(std::max(narrowest, cell_count(name)));
  while (total(widths) > width) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > least[i] && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == widths.size()) break;
    --widths[widest];
  }
  return widths;
}

/// Appends a row, with more rows below it for cells of more than one line.
void add_broken(std::vector<std::vector<std::string>>& rows, const std::vector<std::string>& cells,
                const Widths& widths) {
  const auto first = rows.size();
  rows.emplace_back(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto lines = wrap(cells[i], widths[i]);
    for (std::size_t line = 0; line < lines.size(); ++line) {
      if (first + line == rows.size()) rows.emplace_back(cells.size());
      rows[first + line][i] = lines[line];
    }
  }
}

void break_cells(Table& table, std::size_t width) {
  if (total(widths_of(table)) <= width) return;
  const auto widths = fitting_widths(table, width);
  std::vector<std::vector<std::string>> rows;
  std::vector<Mark> marks;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const auto first = rows.size();
    add_broken(rows, table.rows[row], widths);
    for (const auto& mark : table.marks) {
      for (auto line = first; mark.row == row && line < rows.size(); ++line)
        marks.push_back({line, mark.column, mark.tone});
    }
  }
  table.rows = std::move(rows);
  table.marks = std::move(marks);
}

std::vector<std::string> wrap_all(const std::vector<std::string>& lines, std::size_t width) {
  std::vector<std::string> all;
  for (const auto& line : lines) {
    const auto wrapped = wrap(line, width, line.starts_with(' ') ? 4 : 2);
    all.insert(all.end(), wrapped.begin(), wrapped.end());
  }
  return all;
}

bool is_blank(std::string_view line) { return line.find_first_not_of(' ') == std::string_view::npos; }

/// The next word with the blank before it; a percent sign stays with its number.
std::string_view next_word(std::string_view text) {
  auto end = text.find(' ', 1);
  while (end != std::string_view::npos && text.substr(end).starts_with(" %")) end = text.find(' ', end + 1);
  return text.substr(0, end);
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t indent) {
  if (cell_count(text) <= width) return {std::string(text)};
  std::vector<std::string> lines{""};
  while (!text.empty()) {
    auto word = next_word(text);
    text.remove_prefix(word.size());
    if (cell_count(lines.back()) + cell_count(word) > width && !is_blank(lines.back())) {
      lines.emplace_back(indent, ' ');
      word.remove_prefix(word.starts_with(' '));
    }
    while (cell_count(lines.back()) + cell_count(word) > width) {
      const auto start = fitting_start(word, width - cell_count(lines.back()));
      lines.back() += start;
      word.remove_prefix(start.size());
      lines.emplace_back(indent, ' ');
    }
    lines.back() += word;
  }
  return lines;
}

Table fit(Table table, std::size_t width) {
  drop_minor_columns(table, width);
  break_cells(table, width);
  table.caption = wrap_all(table.caption, width);
  table.notes = wrap_all(table.notes, width);
  return table;
}

}  // namespace matcher::report
