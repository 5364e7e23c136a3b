#include "matcher/report/page/markup.hpp"

#include <fmt/format.h>

#include "matcher/report/escape.hpp"

namespace matcher::report {
namespace {

std::string cell(const HtmlCell& c, bool first) {
  const auto attributes = fmt::format("{}{}", c.style.empty() ? "" : fmt::format(" class=\"{}\"", c.style),
                                      c.value.empty() ? "" : fmt::format(" data-value=\"{}\"", escape_xml(c.value)));
  return first ? fmt::format("<th scope=\"row\"{}>{}</th>", attributes, c.html)
               : fmt::format("<td{}>{}</td>", attributes, c.html);
}

std::string row(const HtmlRow& cells) {
  std::string out = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) out += cell(cells[i], i == 0);
  return out + "</tr>\n";
}

/// On a phone a cell shows its column's name, which the style takes from the cell.
HtmlRow labelled(HtmlRow cells, const std::vector<std::string>& columns) {
  for (std::size_t i = 1; i < cells.size(); ++i)
    cells[i].html = fmt::format("<span class=\"column\">{}</span>{}", escape_xml(columns[i]), cells[i].html);
  return cells;
}

}  // namespace

std::string section(std::string_view id, std::string_view title, std::string_view content) {
  if (content.empty()) return {};
  return fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\"><a href=\"#{0}\">{1}</a></h2>\n{2}</section>\n",
                     id, escape_xml(title), content);
}

std::string paragraph(std::string_view text) { return fmt::format("<p>{}</p>\n", escape_xml(text)); }

HtmlCell text_cell(std::string_view text) { return {escape_xml(text), std::string(text)}; }

HtmlCell number_cell(std::string_view text, double value) {
  return {escape_xml(text), fmt::format("{}", value), "number"};
}

std::string table(std::string_view id, std::string_view caption, const std::vector<std::string>& columns,
                  const std::vector<HtmlRow>& rows) {
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{1}\">\n<table id=\"{0}\">\n"
      "<caption>{1}</caption>\n<thead><tr>",
      id, escape_xml(caption));
  for (const auto& name : columns) out += fmt::format("<th scope=\"col\">{}</th>", escape_xml(name));
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& cells : rows) out += row(labelled(cells, columns));
  return out + "</tbody>\n</table>\n</div>\n";
}

}  // namespace matcher::report
