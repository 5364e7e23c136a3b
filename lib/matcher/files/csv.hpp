// Reads and writes comma-separated values (RFC 4180): quoted fields, doubled quotes, line breaks inside quotes, CRLF, a
// leading byte order mark.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/files/file.hpp"

namespace matcher {

struct CsvRow {
  std::size_t line = 0;  ///< the line of the file in which the row starts, from 1
  std::vector<std::string> fields;
};

struct CsvOptions {
  bool trim = false;     ///< drop spaces around an unquoted field
  char separator = ',';  ///< between fields; '\0': find_separator; ' ': any number of blanks
  char quote = '"';      ///< around fields; '\0': none
  char comment = '\0';   ///< starts a line that is skipped; '\0': none
  std::size_t skip = 0;  ///< lines before the first row
};

/// Finds the separator of the first line: the one that a line `sep=;` names, else the comma; a semicolon, a tab or a
/// bar only if it comes before the first comma, and more often.
char find_separator(std::string_view text);

/// Reads all rows of `text`, without empty lines and a first line `sep=;`. `name` is for error messages. Throws
/// Error(input) with name:line for an unclosed quote.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name, const CsvOptions& options = {});

/// Reads rows one after the other. Borrows text and name, which must outlive it.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& name, const CsvOptions& options);

  /// Reads the next row into `row`, whose memory is reused; skips empty lines, comments and a first line `sep=;`. False
  /// at the end. Throws as parse_csv().
  bool next(CsvRow& row);
  std::size_t at() const { return at_; }  ///< bytes before the next row

 private:
  void skip_lines(std::size_t count);
  void read_row(CsvRow& row);
  void skip_blanks();
  bool more_fields();
  void read_field(std::string& field);
  void read_plain(std::string& field);
  void read_quoted(std::string& field, std::size_t open);
  void end_line();
  std::string_view blanks() const;
  std::string_view trimmed(std::string_view field) const;

  std::string_view text_;
  const std::string& name_;
  CsvOptions options_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

/// Reads a CSV that a person made: UTF-8 or UTF-16, with any separator of find_separator.
std::vector<CsvRow> read_foreign_csv(const fs::path& path, bool trim);

/// Reads a CSV that matcher wrote.
std::vector<CsvRow> read_csv(const fs::path& path);

/// Formats one row with its line end. Quotes fields if they need quotes.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace matcher
