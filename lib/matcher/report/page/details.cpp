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

std::string without_them(const Report& r) {
  if (r.near_duplicates->others == 0) return "No test photo is without.";
  const auto& [metric, all] = r.metrics.at(0);
  const auto* rest = find_metric(r.near_duplicates->without, metric);
  return rest == nullptr ? ""
                         : fmt::format("{} without them: {}; with them: {}.", eval::metric(metric).title,
                                       shown_with_interval(metric, *rest), shown_with_interval(metric, all));
}

/// Cosines differ from model to model, so only those of `r` are used.
std::string about_duplicates(const Report& r) {
  const auto& found = *r.near_duplicates;
  auto text = fmt::format("{} test photos are in the catalogue with the same bytes. ", found.copies);
  if (!found.limit_separates()) {
    return text + fmt::format(
                      "{} gives {} more a cosine of {} or more. These are too many to be near-duplicates, so "
                      "they are not left out.",
                      r.model.name, found.near, found.limit);
  }
  if (found.near > 0)
    text += fmt::format("{} more are almost unchanged: {} gives them a cosine of {} or more. ", found.near,
                        r.model.name, found.limit);
  return text + without_them(r);
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
  const auto& best = page.comparison.rows.at(best_first(page.comparison.rows)[0]).report;
  if (!best.near_duplicates || best.near_duplicates->copies + best.near_duplicates->near == 0 || best.metrics.empty())
    return {};
  return section("duplicates", "Near-duplicates", paragraph(about_duplicates(best)));
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
