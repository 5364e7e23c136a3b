#include "matcher/report/formats/layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace matcher::report {
namespace {

/// Columns on a terminal: the second and later bytes of a UTF-8 character take no room.
std::size_t width_of(const std::string& text) {
  return std::size_t(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_number(const std::string& cell) {
  return !cell.empty() && (std::isdigit(static_cast<unsigned char>(cell[0])) || cell[0] == '+' || cell[0] == '-');
}

std::string pad(const std::string& cell, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, width_of(cell)), ' ');
  return right ? blanks + cell : cell + blanks;
}

std::vector<std::string> escaped(const std::vector<std::string>& texts, Escape escape) {
  std::vector<std::string> all;
  for (const auto& text : texts) all.push_back(escape(text));
  return all;
}

}  // namespace

Table escaped(const Table& table, Escape cell, Escape line) {
  Table out{escaped(table.caption, line), escaped(table.columns, cell), {}, escaped(table.notes, line)};
  for (const auto& row : table.rows) out.rows.push_back(escaped(row, cell));
  return out;
}

bool is_number_column(const Table& table, std::size_t column) {
  const auto fits = [&](const auto& row) { return row[column].empty() || is_number(row[column]); };
  return !table.rows.empty() && std::ranges::all_of(table.rows, fits);
}

Layout::Layout(const Table& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    auto width = width_of(table.columns[i]);
    for (const auto& row : table.rows) width = std::max(width, width_of(row[i]));
    widths_.push_back(width);
    right_.push_back(is_number_column(table, i));
  }
}

std::string Layout::line(const std::vector<std::string>& cells, const char* between) const {
  std::vector<std::string> padded;
  for (std::size_t i = 0; i < cells.size(); ++i) padded.push_back(pad(cells[i], widths_[i], right_[i]));
  return fmt::format("{}", fmt::join(padded, between));
}

std::string Layout::header(const std::vector<std::string>& cells, const char* between) const {
  std::vector<std::string> padded;
  for (std::size_t i = 0; i < cells.size(); ++i) padded.push_back(pad(cells[i], widths_[i], false));
  return fmt::format("{}", fmt::join(padded, between));
}

}  // namespace matcher::report
