#include "matcher/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// "3.1" for a rate in percent, "0.0310" for a mean.
std::string amount(const std::string& metric, double value) {
  return in_percent(metric) ? fmt::format("{:.1f}", 100 * value) : fmt::format("{:.4f}", value);
}

const char* unit(const std::string& metric) { return in_percent(metric) ? " points" : ""; }

/// "3.1 down", "1.0 up", or "0.0" for an amount that rounds to zero.
std::string move(const std::string& metric, double drop) {
  const auto size = amount(metric, std::abs(drop));
  if (size.find_first_not_of("0.") == std::string::npos) return size;
  return fmt::format("{} {}", size, drop > 0 ? "down" : "up");
}

/// "down 3.1 points"
std::string change(const std::string& metric, double drop) {
  const auto size = amount(metric, std::abs(drop));
  if (size.find_first_not_of("0.") == std::string::npos) return "no change";
  return fmt::format("{} {}{}", drop > 0 ? "down" : "up", size, unit(metric));
}

/// "1.7 up to 9.3 down". Ends in the same direction name it once: "1.7 to 9.3 down".
std::string range(const std::string& metric, const eval::DropBounds& bounds) {
  const auto low = move(metric, bounds.low), high = move(metric, bounds.high);
  const auto side = [](const std::string& text) { return text.substr(std::min(text.find(' '), text.size())); };
  return fmt::format("{} to {}", side(low) == side(high) ? low.substr(0, low.find(' ')) : low, high);
}

const char* loud_name_of(eval::Verdict verdict) {
  if (verdict == eval::Verdict::undecided) return "UNDECIDED";
  return verdict == eval::Verdict::pass ? "PASS" : "FAIL";
}

/// "FAIL top-1 of b (run-b)"
template <class AnyCheck>
std::string start(const AnyCheck& c) {
  return fmt::format("{} {} of {} ({})", loud_name_of(c.verdict), eval::metric(c.metric).title, c.model, c.run);
}

std::string sentence(const Check& c) {
  if (c.unchanged) return start(c) + ": no change of any query";
  return fmt::format("{}: {} (95 %: {}), limit {}{}", start(c), change(c.metric, c.test.value),
                     range(c.metric, c.bounds), amount(c.metric, c.max_drop),
                     c.verdict == eval::Verdict::undecided ? ". Add test photos or raise the limit" : "");
}

std::string sentence(const LabelCheck& c) {
  const auto beyond = c.beyond();
  auto out = fmt::format("{} by label: {} of {} labels shown to be down by more than {}{}", start(c), beyond.size(),
                         c.labels, amount(c.metric, c.max_drop), unit(c.metric));
  for (const auto& fall : beyond)
    out += fmt::format("{} {} ({} queries) down {}", &fall == &beyond.front() ? ":" : ",", fall.name, fall.queries,
                       amount(c.metric, fall.test.value));
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
