// Reads a CSV by the words of this layer (path, label, ...), whatever the file calls its columns.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/files/csv.hpp"

namespace matcher::dataset {

class Table {
 public:
  struct Options {
    bool header = true;
    bool trim = true;
    std::map<std::string, std::string> columns;  ///< word -> column name, or number from 1
  };

  /// With a header, a word that `options.columns` leaves out is the column of that name, if there is one; capitals
  /// count only if two names differ in nothing else. Throws Error(input) naming the file for a requested column that is
  /// missing or comes twice, and for a row wider than the header.
  Table(const fs::path& path, const Options& options, const std::vector<std::string>& words);

  const std::vector<CsvRow>& rows() const { return rows_; }
  bool has(const std::string& word) const { return index_.contains(word); }
  /// Throws Error(input), with the existing columns, if the table has no column for `word`.
  void require(const std::string& word) const;
  /// Returns the field of `word`; "" if the table has no such column. Throws Error(input) if the row ends before it.
  std::string value(const CsvRow& row, const std::string& word) const;
  std::string where(const CsvRow& row) const;  ///< file:line

 private:
  void take_header();
  std::vector<std::size_t> places_of(const std::string& column) const;
  void bind_name(const std::string& word, const std::string& column);
  void bind_number(const std::string& word, const std::string& column);
  [[noreturn]] void fail_column(const std::string& column) const;

  std::string name_;
  std::vector<CsvRow> rows_;
  std::vector<std::string> header_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace matcher::dataset
