// Benchmarks of the metrics of a run, and of comparing two runs.
#include "matcher/eval/metrics.hpp"
#include "matcher/eval/paired.hpp"

#include <benchmark/benchmark.h>

#include <random>

namespace {

using namespace matcher::eval;

std::vector<Ranking> random_rankings(std::size_t n) {
  std::mt19937_64 random(1);
  std::vector<Ranking> rankings(n);
  for (auto& ranking : rankings) {
    ranking.relevant_total = 5;
    for (int i = 0; i < 100; ++i) ranking.relevant.push_back(random() % 20 == 0);
  }
  return rankings;
}

void evaluate_run(benchmark::State& state) {
  const auto rankings = random_rankings(std::size_t(state.range(0)));
  const std::vector<std::string> names{"top1", "top5", "top10", "mrr", "map"};
  for (auto _ : state) {
    for (const auto& one : metrics(names)) benchmark::DoNotOptimize(estimate_mean(values_of(one, rankings), one.unit));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void compare_runs(benchmark::State& state) {
  const auto rankings = random_rankings(std::size_t(2 * state.range(0)));
  std::vector<double> values, baseline;
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    (i % 2 ? values : baseline).push_back(average_precision(rankings[i]));
  }
  for (auto _ : state) benchmark::DoNotOptimize(paired_gain(values, baseline));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(evaluate_run)->Arg(1000)->Arg(10000)->Arg(1000000)->Unit(benchmark::kMillisecond);
BENCHMARK(compare_runs)->Arg(1000)->Arg(5000)->Arg(1000000)->Unit(benchmark::kMillisecond);

}  // namespace
