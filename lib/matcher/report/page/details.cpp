#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t confusions_per_model = 10;

HtmlCell amount_cell(const std::string& metric, double loss) {
  return number_cell(in_percent(metric) ? fmt::format("{:.1f} points", 100 * loss) : fmt::format("{:.4f}", loss), loss);
}

bool is_only_the_models(const Loss& loss) {
  return loss.ties == 0 && loss.quantisation == 0 && loss.approximation == 0;
}

HtmlCell value_cell(const std::string& metric, const Metrics& metrics) {
  const auto* e = find_metric(metrics, metric);
  return e == nullptr ? text_cell("none left") : number_cell(shown_with_interval(metric, *e), e->value);
}

}  // namespace

std::string losses_of(const Page& page) {
  std::vector<HtmlRow> rows;
  for (const auto& row : page.comparison.rows) {
    for (const auto& [name, loss] : row.report.losses) {
      if (is_only_the_models(loss)) continue;
      HtmlRow cells{text_cell(name_of(row, page.comparison)), text_cell(eval::metric(name).title)};
      for (const double part : {loss.model, loss.ties, loss.quantisation, loss.approximation})
        cells.push_back(amount_cell(name, part));
      rows.push_back(std::move(cells));
    }
  }
  if (rows.empty()) return {};
  return section("losses", "Where accuracy is lost",
                 table("losses-table", "Losses by their cause",
                       {"model", "metric", "model", "equal scores", "quantisation", "approximation"}, rows));
}

std::string duplicates_of(const Page& page) {
  std::vector<HtmlRow> rows;
  for (const auto& row : page.comparison.rows) {
    const auto& found = row.report.near_duplicates;
    if (!found || found->copies + found->near == 0 || row.report.metrics.empty()) continue;
    const auto& metric = row.report.metrics[0].first;
    rows.push_back(
        {text_cell(name_of(row, page.comparison)), number_cell(fmt::format("{}", found->copies), double(found->copies)),
         number_cell(fmt::format("{} (cosine of {} or more)", found->near, found->limit), double(found->near)),
         value_cell(metric, row.report.metrics), value_cell(metric, found->without)});
  }
  if (rows.empty()) return {};
  const auto title = eval::metric(page.comparison.rows[0].report.metrics[0].first).title;
  return section("duplicates", "Near-duplicates",
                 paragraph("Test photos that the catalogue holds almost unchanged, and the accuracy without them.") +
                     table("duplicates-table", "Near-duplicates",
                           {"model", "same file", "near-duplicates", title + ", all", title + ", without them"}, rows));
}

std::string confusions_of(const Page& page) {
  std::vector<HtmlRow> rows;
  for (const auto& row : page.comparison.rows) {
    const auto& r = row.report;
    for (std::size_t i = 0; i < std::min(confusions_per_model, r.breakdown.confused.size()); ++i) {
      const auto& c = r.breakdown.confused[i];
      if (c.count < 2) continue;  // once may be chance
      rows.push_back({text_cell(name_of(r, c.label)), text_cell(name_of(r, c.answered)),
                      number_cell(fmt::format("{} of {}", c.count, c.queries), double(c.count)),
                      text_cell(name_of(row, page.comparison))});
    }
  }
  if (rows.empty()) return {};
  return section(
      "confused", "Most confused",
      table("confused-table", "Products taken for others", {"product", "taken for", "times", "model"}, rows));
}

}  // namespace matcher::report
