#include <fmt/format.h>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/cells.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// "better than b: top-1 +15.0 points [+12.0, +18.0], p=2e-06". `other` is behind by a gain that may be negative.
std::string against(const std::string& metric, const Contender& other) {
  const auto colour = colour_of(other.behind);
  if (colour.empty()) {
    return fmt::format("<li class=\"same\">not shown to differ from {} ({})</li>\n", escape_xml(other.model),
                       escape_xml(shown(metric, other.value)));
  }
  return fmt::format("<li class=\"{}\">{} than {}: {} {}</li>\n", colour, colour == "up" ? "better" : "worse",
                     escape_xml(other.model), eval::metric(metric).title, escape_xml(shown_lead(metric, other.behind)));
}

std::string list(const std::string& metric, const std::vector<Contender>& others) {
  std::string out;
  for (const auto& other : others) out += against(metric, other);
  return out.empty() ? out : fmt::format("<ul class=\"verdict\">\n{}</ul>\n", out);
}

std::string data_line(const Data& d) {
  auto line = fmt::format(
      "{}{}. {} test {} (queries), {} catalogue photos (gallery) of {} products. Intervals are 95 %.", d.name,
      d.protocol.empty() ? "" : ": " + d.protocol, d.queries, plural_of(d.queries_are), d.gallery, d.labels);
  if (d.unknown_queries > 0) {
    line += fmt::format(" {} of the test {} are of products that are not in the catalogue; no metric includes them.",
                        d.unknown_queries, plural_of(d.queries_are));
  }
  return line;
}

std::string learnt_lines(const Comparison& comparison) {
  std::string lines;
  for (const auto& row : comparison.rows) {
    for (const auto& learnt : row.report.learnt_on) lines += paragraph(sentence(learnt) + ".");
  }
  return lines;
}

const char* colour_of(eval::Verdict verdict) {
  if (verdict == eval::Verdict::undecided) return "same";
  return verdict == eval::Verdict::pass ? "up" : "down";
}

/// The sentences of the gate, each in the colour of its verdict.
std::string gate_lines(const Comparison& c) {
  std::string out;
  if (!c.gate) return out;
  for (const auto& line : lines(*c.gate))
    out += fmt::format("<li class=\"{}\">{}</li>\n", colour_of(line.verdict), escape_xml(line.sentence));
  return fmt::format("<ul class=\"verdict\">\n{}</ul>\n", out);
}

std::string common_line(const Comparison& c) {
  return c.common ? paragraph(fmt::format("Compared on {}.", describe_common(c))) : "";
}

}  // namespace

std::string answer_of(const Page& page) {
  const auto& first = page.comparison.rows.at(0).report;
  std::string out;
  if (const auto& v = page.comparison.verdict) {
    auto others = v->not_shown_to_differ;
    others.insert(others.end(), v->worse.begin(), v->worse.end());
    out = heading(page.title, headline(v->best.model, v->metric, v->best.value, first.dataset.queries_are,
                                       first.dataset.known_queries())) +
          list(v->metric, others);
  } else if (first.metrics.empty()) {
    out = heading(page.title, first.model.name);
  } else {
    const auto& [metric, estimate] = first.metrics[0];
    out = heading(page.title, sentence(first)) +
          paragraph(fmt::format("{} {}", eval::metric(metric).title, shown_with_interval(metric, estimate)));
  }
  return out + gate_lines(page.comparison) + paragraph(data_line(first.dataset)) + common_line(page.comparison) +
         learnt_lines(page.comparison);
}

std::string answer_of(const Fusion& fusion, const Page& page) {
  const auto& e = fusion.ensemble;
  const auto& [metric, value] = e.metrics.at(0);
  std::vector<Contender> others;
  for (const auto& member : fusion.members) {
    if (!member.gains.empty())
      others.push_back({member.report.model.name, {}, member.report.metrics.at(0).second, member.gains.front().second});
  }
  return heading(page.title, headline(e.model.name, metric, value, e.dataset.queries_are, e.dataset.known_queries())) +
         list(metric, others) + paragraph(data_line(e.dataset));
}

std::string answer_of(const Views& views) {
  return heading(fmt::format("{}: {}", views.dataset.name, views.model.name), sentence(views)) +
         paragraph(data_line(views.dataset));
}

}  // namespace matcher::report
