#include "matcher/pipeline/search/evaluate_alike.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace matcher::pipeline {
namespace {

std::size_t count_lost(const run::Run& run) {
  return run.report.dataset.gallery_failures + run.report.dataset.query_failures;
}

}  // namespace

std::vector<run::Run> evaluate_alike(std::size_t count, const std::function<run::Run(std::size_t)>& evaluate,
                                     Observer& observer) {
  std::vector<run::Run> runs;
  for (std::size_t i = 0; i < count; ++i) runs.push_back(evaluate(i));
  if (runs.empty()) return runs;
  const auto least = count_lost(*std::ranges::min_element(runs, {}, count_lost));
  for (std::size_t i = 0; i < count; ++i) {
    if (count_lost(runs[i]) == least) continue;
    observer.log(LogLevel::warning, fmt::format("{} could not read {} images, another model {}: they are tried again",
                                                runs[i].report.model.name, count_lost(runs[i]), least));
    runs[i] = evaluate(i);
  }
  return runs;
}

}  // namespace matcher::pipeline
