// Reads and writes comma-separated values (RFC 4180): quoted fields, doubled quotes, line breaks inside quotes, CRLF, a
// leading byte order mark.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/core/file.hpp"

namespace matcher {

struct CsvRow {
  std::size_t line = 0;  ///< the line of the file in which the row starts, from 1
  std::vector<std::string> fields;
};

/// Reads all rows of `text`, without empty lines. `name` is for error messages. `trim` drops spaces around an unquoted
/// field. Throws Error(input) with name:line for an unclosed quote.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name, bool trim = false);
std::vector<CsvRow> read_csv(const fs::path& path, bool trim = false);

/// Formats one row with its line end. Quotes fields if they need quotes.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace matcher
