// Escapes text for its reader: one function per output, used by every writer. Labels, ids, paths and messages contain
// text of others. JSON escapes its own texts.
#pragma once

#include <string>
#include <string_view>

namespace matcher::report {

/// For a terminal and for logs: one line of visible text. Control characters become \n, \x1b or \u009b, also those that
/// turn the direction of text or hide in it; bytes that are not UTF-8 become \xe9.
std::string escape_terminal(std::string_view text);

/// For a document that is printed on a terminal: the same, line by line.
std::string escape_terminal_lines(std::string_view text);

/// For a cell or the middle of a line of Markdown: nothing formats text, ends the cell, or opens a link or a tag.
std::string escape_markdown(std::string_view text);
/// For a paragraph of Markdown: nothing begins a heading, a list, a quotation or code either.
std::string escape_markdown_line(std::string_view text);

/// For a cell of a CSV that people open in a spreadsheet: an apostrophe stands before a text that would be a formula.
/// Numbers stay as they are. Files that matcher reads again are exact: they do not use this.
std::string escape_csv(std::string_view cell);

/// For a cell of a LaTeX table.
std::string escape_latex(std::string_view text);

/// For text and attributes of HTML and XML 1.0, which cannot contain most control characters.
std::string escape_xml(std::string_view text);

}  // namespace matcher::report
