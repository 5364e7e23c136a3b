#include "matcher/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// "3.1 points" for a rate, "0.0310" for a mean.
std::string amount(const std::string& metric, double value) {
  return in_percent(metric) ? fmt::format("{:.1f} points", 100 * value) : fmt::format("{:.4f}", value);
}

std::string sentence(const Check& c) {
  const auto subject = fmt::format("{} of {} ({})", eval::metric(c.metric).title, c.model, c.run);
  if (c.unchanged) return fmt::format("{} is unchanged for every query: {}", subject, eval::name_of(c.verdict));
  return fmt::format("{} {} by {} (it fell by at least {}, at most {}, each 95 % sure), {} allowed: {}", subject,
                     c.test.value < 0 ? "rose" : "fell", amount(c.metric, std::abs(c.test.value)),
                     amount(c.metric, c.bounds.low), amount(c.metric, c.bounds.high), amount(c.metric, c.max_drop),
                     eval::name_of(c.verdict));
}

std::string sentence(const LabelCheck& c) {
  std::string out = fmt::format("{} of {} ({}) by label, {} allowed: {} of {} labels shown to have fallen further: {}",
                                eval::metric(c.metric).title, c.model, c.run, amount(c.metric, c.max_drop),
                                c.beyond().size(), c.labels, eval::name_of(c.verdict));
  for (const auto& fall : c.beyond())
    out += fmt::format("; label {} by {} of {} queries", fall.name, amount(c.metric, fall.test.value), fall.queries);
  return out;
}

}  // namespace

std::vector<LabelFall> LabelCheck::beyond() const {
  std::vector<LabelFall> all;
  std::ranges::copy_if(fell, std::back_inserter(all),
                       [](const LabelFall& f) { return f.p_beyond_corrected <= eval::gate_level; });
  return all;
}

eval::Verdict Gate::verdict() const {
  std::vector<eval::Verdict> all;
  for (const auto& check : checks) all.push_back(check.verdict);
  for (const auto& check : label_checks) all.push_back(check.verdict);
  return eval::worst(all);
}

std::vector<std::size_t> best_first(std::span<const Row> rows) {
  const auto means_of = [&](std::size_t row) {
    std::vector<double> means;
    for (const auto& [name, estimate] : rows[row].report.metrics) means.push_back(estimate.value);
    return means;
  };
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), means_of);
  return order;
}

std::vector<std::optional<SpeedTrial>> trials_of(const Comparison& comparison) {
  std::vector<std::optional<SpeedTrial>> trials;
  for (const auto& row : comparison.rows) trials.push_back(row.report.speed.trial);
  return trials;
}

bool has_trials(const Comparison& comparison) {
  return std::ranges::any_of(comparison.rows, [](const Row& row) { return row.report.speed.trial.has_value(); });
}

std::vector<std::string> sentences(const Gate& gate) {
  std::vector<std::string> all;
  for (const auto& check : gate.checks) all.push_back(sentence(check));
  for (const auto& check : gate.label_checks) all.push_back(sentence(check));
  return all;
}

std::string name_of(const Row& row, const Comparison& comparison) {
  const auto& name = row.report.model.name;
  const auto same = std::ranges::count_if(comparison.rows, [&](const Row& r) { return r.report.model.name == name; });
  return same > 1 && !row.run.empty() ? fmt::format("{} ({})", name, row.run) : name;
}

}  // namespace matcher::report
