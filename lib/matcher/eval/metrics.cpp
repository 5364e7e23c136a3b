#include "matcher/eval/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace matcher::eval {
namespace {

Estimate estimate_of(const std::vector<double>& values, bool rate) {
  if (!rate) return bootstrap_mean(values);
  return wilson(std::size_t(std::count(values.begin(), values.end(), 1.0)), values.size());
}

template <typename Value>
Metric measure(std::string name, std::span<const Ranking> rankings, bool rate, Value value) {
  Metric metric{std::move(name), {}, {}};
  for (const auto& ranking : rankings) {
    if (ranking.relevant_total > 0) metric.per_query.push_back(value(ranking));
  }
  metric.estimate = estimate_of(metric.per_query, rate);
  return metric;
}

}  // namespace

double hit_at(const Ranking& ranking, std::size_t k) {
  const auto end = ranking.relevant.begin() + std::ptrdiff_t(std::min(k, ranking.relevant.size()));
  return std::find(ranking.relevant.begin(), end, 1) != end ? 1.0 : 0.0;
}

double reciprocal_rank(const Ranking& ranking) {
  const auto first = std::find(ranking.relevant.begin(), ranking.relevant.end(), 1);
  return first == ranking.relevant.end() ? 0.0 : 1.0 / double(first - ranking.relevant.begin() + 1);
}

double average_precision(const Ranking& ranking) {
  if (ranking.relevant_total == 0) return 0.0;
  double sum = 0;
  std::size_t found = 0;
  for (std::size_t i = 0; i < ranking.relevant.size(); ++i) {
    if (ranking.relevant[i]) sum += double(++found) / double(i + 1);
  }
  return sum / double(ranking.relevant_total);
}

std::vector<Metric> evaluate(std::span<const Ranking> rankings, std::span<const std::size_t> ks) {
  std::vector<Metric> metrics;
  for (const auto k : ks) {
    metrics.push_back(measure(fmt::format("top{}", k), rankings, true, [k](const Ranking& r) { return hit_at(r, k); }));
  }
  metrics.push_back(measure("mrr", rankings, false, reciprocal_rank));
  metrics.push_back(measure("map", rankings, false, average_precision));
  return metrics;
}

}  // namespace matcher::eval
