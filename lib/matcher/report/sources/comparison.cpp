#include "matcher/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace matcher::report {

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

std::string describe_common(const Comparison& c) {
  std::string left_out, gallery;
  const auto items = [&](std::size_t row) { return c.rows[row].report.dataset.gallery; };
  bool same = true;
  for (std::size_t i = 0; i < c.rows.size(); ++i) {
    const auto others = c.common->left_out[i];
    if (others > 0)
      left_out += fmt::format("{}{} of {}", left_out.empty() ? "; left out: " : ", ", others, c.rows[i].run);
    gallery += fmt::format("{}{} in {}", gallery.empty() ? "; gallery items: " : ", ", items(i), c.rows[i].run);
    same = same && items(i) == items(0);
  }
  return fmt::format("the {} queries that all runs have{}{}", c.common->queries, left_out, same ? "" : gallery);
}

std::string name_of(const Row& row, const Comparison& comparison) {
  const auto& name = row.report.model.name;
  const auto same = std::ranges::count_if(comparison.rows, [&](const Row& r) { return r.report.model.name == name; });
  return same > 1 && !row.run.empty() ? fmt::format("{} ({})", name, row.run) : name;
}

}  // namespace matcher::report
