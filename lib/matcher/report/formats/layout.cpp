#include "matcher/report/formats/layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "matcher/core/text.hpp"

namespace matcher::report {
namespace {

bool is_number(const std::string& cell) {
  return !cell.empty() && (std::isdigit(static_cast<unsigned char>(cell[0])) || cell[0] == '+' || cell[0] == '-');
}

std::string pad(const std::string& cell, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, cell_count(cell)), ' ');
  return right ? blanks + cell : cell + blanks;
}

std::vector<std::string> escaped(const std::vector<std::string>& texts, Escape escape) {
  std::vector<std::string> all;
  for (const auto& text : texts) all.push_back(escape(text));
  return all;
}

}  // namespace

Table escaped(const Table& table, Escape cell, Escape line) {
  Table out = table;
  out.caption = escaped(table.caption, line);
  out.columns = escaped(table.columns, cell);
  out.notes = escaped(table.notes, line);
  out.minor = escaped(table.minor, cell);
  out.rows.clear();
  for (const auto& row : table.rows) out.rows.push_back(escaped(row, cell));
  return out;
}

bool is_number_column(const Table& table, std::size_t column) {
  const auto fits = [&](const auto& row) { return row[column].empty() || is_number(row[column]); };
  const auto counts = [&](const auto& row) { return is_number(row[column]); };
  return std::ranges::any_of(table.rows, counts) && std::ranges::all_of(table.rows, fits);
}

std::vector<std::size_t> widths_of(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    widths.push_back(cell_count(table.columns[i]));
    for (const auto& row : table.rows) widths[i] = std::max(widths[i], cell_count(row[i]));
  }
  return widths;
}

Layout::Layout(const Table& table) : widths_(widths_of(table)) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) right_.push_back(is_number_column(table, i));
}

std::vector<std::string> Layout::padded(const std::vector<std::string>& cells) const {
  std::vector<std::string> padded;
  for (std::size_t i = 0; i < cells.size(); ++i) padded.push_back(pad(cells[i], widths_[i], right_[i]));
  return padded;
}

std::string Layout::line(const std::vector<std::string>& cells, const char* between) const {
  return fmt::format("{}", fmt::join(padded(cells), between));
}

std::string Layout::header(const std::vector<std::string>& cells, const char* between) const {
  std::vector<std::string> padded;
  for (std::size_t i = 0; i < cells.size(); ++i) padded.push_back(pad(cells[i], widths_[i], false));
  return fmt::format("{}", fmt::join(padded, between));
}

}  // namespace matcher::report
