#include <fmt/format.h>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// "better than b: top-1 +15 [+12, +18] p=2e-06, in points".
std::string better_than(const std::string& metric, const Contender& other) {
  return fmt::format("better than {}: {} {}{}", other.model, eval::metric(metric).title,
                     shown_gain(metric, other.behind), in_percent(metric) ? ", in points" : "");
}

std::string verdict_list(const ModelVerdict& v) {
  std::string out = "<ul class=\"verdict\">\n";
  for (const auto& other : v.not_shown_to_differ) {
    out += fmt::format("<li class=\"same\">not shown to differ from {} ({})</li>\n", escape_xml(other.model),
                       escape_xml(shown(v.metric, other.value.value)));
  }
  for (const auto& other : v.worse)
    out += fmt::format("<li class=\"up\">{}</li>\n", escape_xml(better_than(v.metric, other)));
  return out + "</ul>\n";
}

std::string data_line(const Data& d) {
  auto line =
      fmt::format("{}{}. {} test photos (queries), {} catalogue photos (gallery) of {} products. Intervals are 95 %.",
                  d.name, d.protocol.empty() ? "" : ": " + d.protocol, d.queries, d.gallery, d.labels);
  if (d.unknown_queries > 0) {
    line += fmt::format(" {} test photos show products that are not in the catalogue; no metric includes them.",
                        d.unknown_queries);
  }
  return line;
}

}  // namespace

std::string answer_of(const Page& page) {
  const auto& rows = page.comparison.rows;
  const auto& first = rows.at(0).report;
  std::string out = fmt::format("<p class=\"title\">{}</p>\n", escape_xml(page.title));
  if (const auto& v = page.comparison.verdict) {
    out += fmt::format("<h1>{}</h1>\n", escape_xml(headline(v->best.model, v->metric, v->best.value)));
    out += verdict_list(*v);
  } else if (!first.metrics.empty()) {
    const auto& [metric, estimate] = first.metrics[0];
    out += fmt::format("<h1>{}</h1>\n", escape_xml(sentence(first)));
    out += paragraph(fmt::format("{} {}", eval::metric(metric).title, shown_with_interval(metric, estimate)));
  }
  return out + paragraph(data_line(first.dataset));
}

}  // namespace matcher::report
