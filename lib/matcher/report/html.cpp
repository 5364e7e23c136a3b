#include "matcher/report/html.hpp"

#include <fmt/format.h>

#include <string_view>

#include "matcher/core/version.hpp"
#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/shell.hpp"

namespace matcher::report {
namespace {

/// Replaces the first `mark`.
std::string put_in(std::string_view text, std::string_view mark, std::string_view with) {
  const auto at = text.find(mark);  // not constexpr: GCC with sanitizers cannot compute it
  return fmt::format("{}{}{}", text.substr(0, at), with, text.substr(at + mark.size()));
}

std::string footer_of(const Page& page) {
  const auto& first = page.comparison.rows.at(0).report;
  return paragraph(
      fmt::format("matcher {}; search: {}; {} answers kept per test photo.", version, first.index, first.depth));
}

}  // namespace

std::string to_html(const Page& page) {
  std::string body;
  for (const auto part : {answer_of, models_of, failures_of, products_of, confusions_of, speed_of, curves_of, losses_of,
                          duplicates_of, footer_of})
    body += part(page);
  return put_in(put_in(page_shell, "@TITLE@", escape_xml(page.title)), "@BODY@", body);
}

}  // namespace matcher::report
