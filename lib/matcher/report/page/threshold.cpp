#include <fmt/format.h>

#include <cmath>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/cells.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/plot.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

std::string query_line(const Detection& d) {
  return fmt::format("{}: {} photos of {} catalogue products, {} of {} other products{}. Intervals are 95 %.",
                     d.dataset, d.known, d.known_products, d.unknown, d.unknown_products,
                     d.left_out ? " (each photo with its own product left out)" : "");
}

HtmlCell threshold_cell(double threshold) {
  if (!std::isfinite(threshold)) return text_cell("unbounded");
  return number_cell(fmt::format("{:.4f}", threshold), threshold);
}

HtmlRow chosen_row(const Detection& d) {
  return {text_cell(fmt::format("{:g} % false alarms (chosen)", 100 * d.wanted_false_alarms)),
          threshold_cell(d.threshold.value), metric_cell("top1", d.false_alarms), metric_cell("top1", d.accepted),
          metric_cell("top1", d.detected)};
}

HtmlRow other_row(const DetectionChoice& choice) {
  const auto& [wanted, point] = choice;
  return {text_cell(fmt::format("{:g} % false alarms", 100 * wanted)), threshold_cell(point.threshold),
          share_cell(point.false_alarms), share_cell(point.accepted), share_cell(point.detected)};
}

/// The chosen threshold among the others, by rising false alarms.
std::vector<HtmlRow> rows_of(const Detection& d) {
  std::vector<HtmlRow> rows;
  bool has_chosen = false;
  for (const auto& choice : d.choices) {
    if (!has_chosen && choice.wanted_false_alarms >= d.wanted_false_alarms) {
      rows.push_back(chosen_row(d));
      has_chosen = true;
    }
    if (choice.wanted_false_alarms != d.wanted_false_alarms) rows.push_back(other_row(choice));
  }
  if (!has_chosen) rows.push_back(chosen_row(d));
  return rows;
}

}  // namespace

std::string answer_of(const Detection& d) {
  return heading(fmt::format("{}: {}, score: {}", d.dataset, d.model.name, to_string(d.score)), sentence(d)) +
         paragraph(query_line(d));
}

std::string choices_of(const Detection& d) {
  return section("choices", "Thresholds to choose from",
                 table("choices-table", "Thresholds, by the false alarms that they allow",
                       {"allowed", "threshold", "other products answered (false alarms)", "catalogue products answered",
                        "catalogue products answered correctly"},
                       rows_of(d), OnPhone::cards));
}

std::string curve_of(const Detection& d) {
  Line answered{"answered", {}}, correctly{"answered correctly", {}};
  for (const auto& point : d.curve) {
    answered.points.push_back({point.false_alarms, point.accepted});
    correctly.points.push_back({point.false_alarms, point.detected});
  }
  Plot plot{"detection-plot",
            "Each point is a threshold; the dot is the chosen one.",
            percent_axis("photos of other products answered (false alarms)"),
            percent_axis("photos of catalogue products"),
            {answered, correctly}};
  plot.dots.push_back({"chosen", d.false_alarms.value, d.accepted.value, d.accepted.low, d.accepted.high});
  return section("curve", "Products recognised, by how many strangers are let in", draw(plot));
}

}  // namespace matcher::report
