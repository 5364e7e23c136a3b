// Formats of results. Tables for people: the same rows as aligned text, Markdown, CSV or LaTeX.
#pragma once

#include <string>
#include <vector>

namespace matcher::report {

/// The formats of tables. To add one: its name here, and formats/<name>.cpp, which defines `write_<name>()`.
#define MATCHER_TABLE_FORMATS(add) add(table) add(markdown) add(csv) add(latex)

#define MATCHER_ENUMERATOR(name) name,
/// ndjson: one JSON object per line, as results come.
enum class Format { MATCHER_TABLE_FORMATS(MATCHER_ENUMERATOR) json, ndjson, html };
#undef MATCHER_ENUMERATOR

/// Parses the name of any format but ndjson and html. Throws Error(usage) with the allowed names.
Format parse_format(const std::string& name);
/// Parses the name of any format but ndjson, for results that have an HTML page. Throws as parse_format().
Format parse_format_or_page(const std::string& name);
/// Parses the name of any format, for results that have a page and come one after the other. Throws as parse_format().
Format parse_any_format(const std::string& name);

/// A result that is shown to be better or worse.
enum class Tone { better, worse };

/// A cell that a terminal shows in colour.
struct Mark {
  std::size_t row = 0, column = 0;
  Tone tone = Tone::better;
};

struct Table {
  std::vector<std::string> caption;  ///< lines above the table; not in CSV
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< a cell per column
  std::vector<std::string> notes;              ///< lines below the table; not in CSV
  std::vector<std::string> minor{};            ///< names of columns that a narrow terminal leaves out, the first first
  std::vector<Mark> marks{};
  bool header = true;  ///< false: CSV without the line of column names
};

/// The table with its first column and those of `names`, in this order; unchanged for no names. A name may leave out
/// all but letters and digits, what follows a comma or a parenthesis, and the words before its last one: "gain" is
/// "top-1 gain, points". Throws Error(usage) with all names for an unknown one.
Table select_columns(Table table, const std::vector<std::string>& names);

/// A terminal that shows a table as text.
struct Screen {
  std::size_t width = 0;  ///< columns; 0: any width
  bool colour = false;
};

/// Writes a table. Columns of numbers are aligned right. A text table fits the screen: it leaves out minor columns, and
/// breaks long cells and lines. Throws Error(unexpected) for JSON and HTML.
std::string render(const Table& table, Format format, const Screen& screen = {});

}  // namespace matcher::report
