// A CSV whose columns go by the words of this layer (path, label, ...), whatever the file calls them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/core/csv.hpp"

namespace matcher::dataset {

class Table {
 public:
  struct Options {
    bool header = true;
    bool trim = true;
    std::map<std::string, std::string> columns;  ///< word -> column name, or number from 1
  };

  /// With a header, a word that `options.columns` leaves out is a column of that very name, where there is one.
  /// Throws Error(input) naming the file for a column that is asked for and not there, and for a row that is wider than
  /// the header.
  Table(const fs::path& path, const Options& options, const std::vector<std::string>& words);

  const std::vector<CsvRow>& rows() const { return rows_; }
  bool has(const std::string& word) const { return index_.contains(word); }
  /// Throws Error(input), naming the columns there are, when the table has no column for `word`.
  void require(const std::string& word) const;
  /// The field of `word`; "" when the table has no such column. Throws Error(input) when the row ends before it.
  std::string value(const CsvRow& row, const std::string& word) const;
  std::string where(const CsvRow& row) const;  ///< file:line

 private:
  void take_header();
  void bind_name(const std::string& word, const std::string& column);
  void bind_number(const std::string& word, const std::string& column);
  [[noreturn]] void fail_column(const std::string& column) const;

  std::string name_;
  std::vector<CsvRow> rows_;
  std::vector<std::string> header_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace matcher::dataset
