#include "matcher/eval/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace matcher::eval {
namespace {

using Score = std::function<double(const Ranking&)>;

std::vector<double> score_each(std::span<const Ranking> rankings, const Score& score) {
  std::vector<double> values;
  values.reserve(rankings.size());
  for (const auto& ranking : rankings) {
    if (ranking.relevant_total > 0) values.push_back(score(ranking));
  }
  return values;
}

Metric fraction(std::string name, std::vector<double> values) {
  const auto successes = std::size_t(std::accumulate(values.begin(), values.end(), 0.0));
  const auto estimate = wilson(successes, values.size());
  return {std::move(name), std::move(values), estimate};
}

Metric mean(std::string name, std::vector<double> values) {
  const auto estimate = bootstrap_mean(values);
  return {std::move(name), std::move(values), estimate};
}

}  // namespace

double hit_at(const Ranking& ranking, std::size_t k) {
  const auto end = ranking.relevant.begin() + std::ptrdiff_t(std::min(k, ranking.relevant.size()));
  return std::find(ranking.relevant.begin(), end, 1) != end;
}

double reciprocal_rank(const Ranking& ranking) {
  const auto first = std::ranges::find(ranking.relevant, 1);
  return first == ranking.relevant.end() ? 0.0 : 1.0 / double(first - ranking.relevant.begin() + 1);
}

double average_precision(const Ranking& ranking) {
  if (ranking.relevant_total == 0) return 0;
  double sum = 0;
  std::size_t right = 0;
  for (std::size_t i = 0; i < ranking.relevant.size(); ++i) {
    if (ranking.relevant[i]) sum += double(++right) / double(i + 1);
  }
  return sum / double(ranking.relevant_total);
}

std::vector<Metric> evaluate(std::span<const Ranking> rankings, std::span<const std::size_t> ks) {
  std::vector<Metric> metrics;
  for (const auto k : ks) {
    metrics.push_back(fraction(fmt::format("top{}", k),
                               score_each(rankings, [k](const Ranking& ranking) { return hit_at(ranking, k); })));
  }
  metrics.push_back(mean("mrr", score_each(rankings, reciprocal_rank)));
  metrics.push_back(mean("map", score_each(rankings, average_precision)));
  return metrics;
}

}  // namespace matcher::eval
