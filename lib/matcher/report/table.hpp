// Tables for people: the same rows as aligned text, Markdown, CSV or LaTeX.
#pragma once

#include <string>
#include <vector>

namespace matcher::report {

/// The formats of tables. To add one: its name here, and formats/<name>.cpp, which defines `write_<name>()`.
#define MATCHER_TABLE_FORMATS(add) add(table) add(markdown) add(csv) add(latex)

#define MATCHER_ENUMERATOR(name) name,
enum class Format { MATCHER_TABLE_FORMATS(MATCHER_ENUMERATOR) json };
#undef MATCHER_ENUMERATOR

/// Throws Error(usage) with the allowed names.
Format parse_format(const std::string& name);

struct Table {
  std::vector<std::string> caption;  ///< lines above the table; not in CSV
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< a cell per column
  std::vector<std::string> notes;              ///< lines below the table; not in CSV
};

/// Writes a table in any format but JSON, which throws Error(unexpected). Columns of numbers are aligned right.
std::string render(const Table& table, Format format);

}  // namespace matcher::report
