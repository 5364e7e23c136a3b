// Writes the HTML of a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace matcher::report {

/// The title in small type, and the answer of the page in large type.
std::string heading(std::string_view title, std::string_view answer);

/// A section with a heading that links to itself. Empty if `content` is.
std::string section(std::string_view id, std::string_view title, std::string_view content);

/// Links to the sections in `html`; empty for fewer than three, which need none.
std::string links_to(std::string_view html);

/// A paragraph of plain text.
std::string paragraph(std::string_view text);

/// The first and last letters of a long text, with … between: names often differ at their end.
std::string shortened(std::string_view text, std::size_t most_letters);

/// A cell of a table. `html` is shown; columns are sorted by `value`, which may be a number.
struct HtmlCell {
  std::string html, value;
  std::string style{};  ///< a class
};
using HtmlRow = std::vector<HtmlCell>;

HtmlCell text_cell(std::string_view text);
HtmlCell number_cell(std::string_view text, double value);
HtmlCell count_cell(std::size_t count);

/// How a table fits a phone: it scrolls, or each row is a card that names its cells.
enum class OnPhone { scroll, cards };

/// A table that scrolls sideways by itself, with its first column in sight. Readers of screens hear `caption`.
std::string table(std::string_view id, std::string_view caption, const std::vector<std::string>& columns,
                  const std::vector<HtmlRow>& rows, OnPhone on_phone = OnPhone::scroll);

/// Content that is shown on request, and always printed.
std::string fold(std::string_view title, std::string_view content);

}  // namespace matcher::report
