// Widths and alignment of a table's columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "matcher/report/table.hpp"

namespace matcher::report {

using Escape = std::string (*)(std::string_view);

/// The table with its cells and column names escaped by `cell`, its caption and notes by `line`.
Table escaped(const Table& table, Escape cell, Escape line);

/// True if some cell starts like a number, and every other one does too or is empty.
bool is_number_column(const Table& table, std::size_t column);

/// The columns on a terminal that each column of a table needs.
std::vector<std::size_t> widths_of(const Table& table);

/// The columns of one table.
class Layout {
 public:
  explicit Layout(const Table& table);

  std::size_t width(std::size_t column) const { return widths_[column]; }  ///< columns on a terminal
  bool is_right(std::size_t column) const { return right_[column]; }

  /// The cells, each as wide as its column.
  std::vector<std::string> padded(const std::vector<std::string>& cells) const;
  /// The padded cells joined by `between`.
  std::string line(const std::vector<std::string>& cells, const char* between) const;
  /// The column names, padded and joined like line(); names are always aligned left.
  std::string header(const std::vector<std::string>& cells, const char* between) const;

 private:
  std::vector<std::size_t> widths_;
  std::vector<bool> right_;
};

}  // namespace matcher::report
