// Comma-separated values as of RFC 4180: quoted fields, doubled quotes, line breaks inside quotes, CRLF, a leading BOM.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/core/file.hpp"

namespace matcher {

struct CsvRow {
  std::size_t line = 0;  ///< the line of the file where the row starts, from 1
  std::vector<std::string> fields;
};

/// All rows of `text`; empty lines are left out. `name` is for error messages. With `trim`, spaces around an unquoted
/// field are dropped. Throws Error(input) with name:line for an unclosed quote.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name, bool trim = false);
std::vector<CsvRow> read_csv(const fs::path& path, bool trim = false);

/// One row with its line end; fields are quoted where they must be.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace matcher
