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

/// On a phone a cell shows its column's name. Empty cells stay empty.
HtmlRow labelled(HtmlRow cells, const std::vector<std::string>& columns) {
  for (std::size_t i = 1; i < cells.size(); ++i)
    if (!cells[i].html.empty())
      cells[i].html = fmt::format("<span class=\"column\">{}</span>{}", escape_xml(columns[i]), cells[i].html);
  return cells;
}

/// The places where the letters of UTF-8 start, and the end.
std::vector<std::size_t> letters_of(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xC0) != 0x80) starts.push_back(i);
  }
  starts.push_back(text.size());
  return starts;
}

}  // namespace

std::string heading(std::string_view title, std::string_view answer) {
  return fmt::format("<p class=\"title\">{}</p>\n<h1>{}</h1>\n", escape_xml(title), escape_xml(answer));
}

std::string section(std::string_view id, std::string_view title, std::string_view content) {
  if (content.empty()) return {};
  return fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\"><a href=\"#{0}\">{1}</a></h2>\n{2}</section>\n",
                     id, escape_xml(title), content);
}

std::string links_to(std::string_view html) {
  constexpr std::string_view start = "<h2 id=\"", link = "<a href=", end = "</h2>";
  std::string links;
  std::size_t count = 0;
  for (auto at = html.find(start); at != std::string_view::npos; at = html.find(start, at + 1), ++count) {
    const auto from = html.find(link, at);
    links += html.substr(from, html.find(end, from) - from);
    links += '\n';
  }
  return count < 3 ? "" : fmt::format("<nav aria-label=\"sections\">{}</nav>\n", links);
}

std::string paragraph(std::string_view text) { return fmt::format("<p>{}</p>\n", escape_xml(text)); }

std::string shortened(std::string_view text, std::size_t most_letters) {
  const auto starts = letters_of(text);
  const auto letters = starts.size() - 1;
  if (letters <= most_letters) return std::string(text);
  const auto kept = most_letters - 1, first = kept / 2;
  return fmt::format("{}…{}", text.substr(0, starts[first]), text.substr(starts[letters - (kept - first)]));
}

HtmlCell text_cell(std::string_view text) { return {escape_xml(text), std::string(text)}; }

HtmlCell number_cell(std::string_view text, double value) {
  return {escape_xml(text), fmt::format("{}", value), "number"};
}

HtmlCell count_cell(std::size_t count) { return number_cell(fmt::format("{}", count), double(count)); }

std::string table(std::string_view id, std::string_view caption, const std::vector<std::string>& columns,
                  const std::vector<HtmlRow>& rows, OnPhone on_phone) {
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{1}\">\n<table id=\"{0}\"{2}>\n"
      "<caption>{1}</caption>\n<thead><tr>",
      id, escape_xml(caption), on_phone == OnPhone::cards ? " class=\"records\"" : "");
  for (const auto& name : columns) out += fmt::format("<th scope=\"col\">{}</th>", escape_xml(name));
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& cells : rows) out += row(labelled(cells, columns));
  return out + "</tbody>\n</table>\n</div>\n";
}

std::string fold(std::string_view title, std::string_view content) {
  return fmt::format("<details>\n<summary>{}</summary>\n{}</details>\n", escape_xml(title), content);
}

}  // namespace matcher::report
