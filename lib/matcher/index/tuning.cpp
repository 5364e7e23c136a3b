#include "matcher/index/tuning.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "matcher/index/quality.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t sample = 1000, timed = 100;

double milliseconds_per_query(const VectorIndex& index, MatrixView queries) {
  const auto count = std::min(timed, queries.rows);
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < count; ++i) index.search(queries.slice(i, 1), 10);
  const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
  return passed.count() / double(std::max<std::size_t>(1, count));
}

Trial measure(const VectorIndex& index, const RecallMeter& meter, std::size_t effort) {
  auto trial = summarise(meter.recalls(index));
  trial.effort = effort;
  trial.query_ms = milliseconds_per_query(index, meter.queries());
  return trial;
}

}  // namespace

Trial summarise(const std::vector<double>& recalls) {
  const double n = double(recalls.size());
  const double sum = std::accumulate(recalls.begin(), recalls.end(), 0.0);
  const double mean = n > 0 ? sum / n : 1;
  const double shifted = sum / (n + 1);
  double squares = shifted * shifted;
  for (const double recall : recalls) squares += (recall - shifted) * (recall - shifted);
  const double error = n > 0 ? std::sqrt(squares / n / (n + 1)) : 1;
  return {0, mean, std::clamp(shifted - 1.96 * error, 0.0, mean), std::clamp(mean + 1.96 * error, mean, 1.0), 0};
}

Tuning tune_search(VectorIndex& index, const VectorSource& vectors, double target, std::uint64_t seed) {
  const RecallMeter meter(vectors, seed, sample, Self::left_out);
  Tuning tuning{target, index.effort_name(), meter.queries().rows, {}, std::nullopt, {}};
  auto efforts = index.efforts();
  if (efforts.empty()) efforts.push_back(0);
  for (const auto effort : efforts) {
    index.set_effort(effort);
    const auto trial = measure(index, meter, effort);
    tuning.trials.push_back(trial);
    if (trial.low < target && !(index.exact() && trial.recall >= target)) continue;
    tuning.chosen = trial;
    break;
  }
  tuning.best = *std::ranges::max_element(tuning.trials, {}, &Trial::recall);
  index.set_effort(tuning.chosen ? tuning.chosen->effort : tuning.best.effort);
  return tuning;
}

}  // namespace matcher::index
