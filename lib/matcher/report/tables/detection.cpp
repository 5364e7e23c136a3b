#include "matcher/report/detection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "matcher/report/tables.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

std::string percent(const eval::Estimate& e) {
  return fmt::format("{:.1f} % [{:.1f}, {:.1f}]", 100 * e.value, 100 * e.low, 100 * e.high);
}

std::string bound(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "unbounded"; }

/// "answers to queries of catalogue products at 1 % false alarms: 2.9 % (2.1 % correct); at 5 %: …"
std::string line_of(const std::vector<DetectionChoice>& choices) {
  std::vector<std::string> clauses;
  for (const auto& [wanted, point] : choices) {
    clauses.push_back(fmt::format("at {:g} %{}: {:.1f} % ({:.1f} % correct)", 100 * wanted,
                                  clauses.empty() ? " false alarms" : "", 100 * point.accepted, 100 * point.detected));
  }
  return fmt::format("answers to queries of catalogue products {}", fmt::join(clauses, "; "));
}

std::string caption_of(const Detection& d) {
  return fmt::format("{} queries of catalogue products (known) and {} of other products (unknown), of {}{}{}", d.known,
                     d.unknown, d.dataset, d.left_out ? "; unknown: each query with its own product left out" : "",
                     d.score == ScoreKind::margin ? "; score: margin over the second product" : "");
}

/// Columns have the names of the JSON keys; an unbounded threshold is empty.
Table csv_of(const Detection& d) {
  Table table{{}, {"model"}, {{d.model.name}}, {}};
  const auto add = [&](const std::string& column, double value) {
    table.columns.push_back(column);
    table.rows[0].push_back(std::isfinite(value) ? exact(value) : "");
  };
  const auto add_estimate = [&](const std::string& column, const auto& e) {
    add(column, e.value);
    add(column + "_low", e.low);
    add(column + "_high", e.high);
  };
  add_estimate("threshold", d.threshold);
  add_estimate("false_alarms", d.false_alarms);
  add_estimate("accepted", d.accepted);
  add_estimate("detected", d.detected);
  add_estimate("top1", d.top1);
  add("area_under_curve", d.area_under_curve);
  return table;
}

}  // namespace

Table table_of(const Detection& d, Format format) {
  if (format == Format::csv) return csv_of(d);
  Table table{{sentence(d), caption_of(d)},
              {"model", "threshold", "95 % interval", "false alarms", "answered", "answered correctly",
               "correct without it", "AUC"},
              {{d.model.name, bound(d.threshold.value),
                fmt::format("[{}, {}]", bound(d.threshold.low), bound(d.threshold.high)), percent(d.false_alarms),
                percent(d.accepted), percent(d.detected), percent(d.top1), fmt::format("{:.4f}", d.area_under_curve)}},
              {}};
  if (!d.choices.empty()) table.notes.push_back(line_of(d.choices));
  if (!std::isfinite(d.threshold.high)) {
    table.notes.push_back(
        fmt::format("need {} photos of unknown products, each of another one, for {:g} % false alarms; have {} of {}",
                    d.unknown_needed, 100 * d.wanted_false_alarms, d.unknown, d.unknown_products));
  }
  return table;
}

}  // namespace matcher::report
