// Reads a CSV by the words of this layer (path, label, ...), whatever the file calls its columns.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/dataset/dataset.hpp"
#include "matcher/files/csv.hpp"
#include "matcher/files/mapped_file.hpp"

namespace matcher::dataset {

/// The text of a CSV in UTF-8. A large file is mapped, not copied.
class CsvText {
 public:
  /// Throws Error(input) for a file that is not a text, or not of the encoding.
  CsvText(const fs::path& path, const CsvStyle& style);
  std::string_view text() const { return text_; }
  /// Returns the memory of what was read.
  void release_before(std::size_t at);

 private:
  std::string owned_;
  MappedFile mapped_;
  std::string_view text_;
  std::size_t released_ = 0;
};

/// Reads the first row of a CSV that a person made; nothing of an empty file.
std::optional<CsvRow> read_first_row(const fs::path& path);

class Table {
 public:
  struct Options {
    bool header = true;
    bool trim = true;
    CsvStyle style{};
    std::map<std::string, std::string> columns;  ///< word -> column name, or number from 1
  };

  /// With a header, a word that `options.columns` leaves out is the column of that name, if there is one; capitals
  /// count only if two names differ in nothing else. Throws Error(input) naming the file for an empty file, and for a
  /// requested column that is missing or comes twice.
  Table(const fs::path& path, const Options& options, const std::vector<std::string>& words);

  /// Reads the next row. At the end, throws Error(input) with the lines of all rows that are wider than the header.
  bool next(CsvRow& row);
  std::size_t count_lines() const;  ///< the lines in the whole file
  bool has(const std::string& word) const { return index_.contains(word); }
  /// The place of the word's column, for field(); nothing without such a column.
  std::optional<std::size_t> find(const std::string& word) const;
  /// The columns of the header that no word has, by place.
  std::vector<std::pair<std::size_t, std::string>> unbound() const;
  /// Throws Error(input), with the existing columns, if the table has no column for `word`.
  void require(const std::string& word) const;
  /// Returns the field at a place; "" at none. Throws Error(input) if the row ends before it.
  const std::string& field(const CsvRow& row, const std::optional<std::size_t>& place, const char* word) const;
  std::string where(const CsvRow& row) const;  ///< file:line

 private:
  bool next_good(CsvRow& row);
  [[noreturn]] void fail_wide() const;
  std::vector<std::size_t> places_of(const std::string& column) const;
  void bind_name(const std::string& word, const std::string& column);
  void bind_number(const std::string& word, const std::string& column);
  [[noreturn]] void fail_column(const std::string& column) const;

  std::string name_;
  CsvText text_;
  CsvReader reader_;
  std::optional<CsvRow> first_;  ///< the first row, for a table without a header
  std::vector<std::string> header_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::size_t> wide_;  ///< lines, the first few
  std::size_t wide_fields_ = 0;    ///< the fields in the first of them
};

}  // namespace matcher::dataset
