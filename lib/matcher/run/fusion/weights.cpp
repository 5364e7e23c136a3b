#include "matcher/run/fusion/weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/eval/tune.hpp"
#include "matcher/run/fusion/pool.hpp"

namespace matcher::run {
namespace {

constexpr std::size_t least_queries = 10;  ///< known queries on either side of a choice

void check_weights(const std::vector<double>& weights, std::size_t members) {
  if (weights.size() != members) {
    throw Error(ErrorCode::usage,
                fmt::format("--weights gives {} weights for {} models; give one per model", weights.size(), members));
  }
  const bool usable = std::ranges::all_of(weights, [](double w) { return w >= 0 && std::isfinite(w); });
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (usable && sum > 0 && std::isfinite(sum)) return;
  throw Error(ErrorCode::usage,
              fmt::format("--weights {} is invalid: weights must be 0 or more, and at least one above 0",
                          fmt::join(weights, ",")));
}

std::size_t count_known(const std::vector<RankedQuery>& queries, const std::vector<std::size_t>& rows) {
  return std::size_t(std::ranges::count_if(rows, [&](std::size_t row) { return queries[row].known(); }));
}

void check_enough(const report::Tuning& tuning) {
  if (tuning.queries >= least_queries && tuning.reported >= least_queries) return;
  throw Error(ErrorCode::input,
              fmt::format("too few queries with a right answer to choose weights: {} would choose them and {} be "
                          "reported, but each part needs {}; give --weights, or more queries",
                          tuning.queries, tuning.reported, least_queries));
}

}  // namespace

Weights scale_weights(std::vector<double> weights, std::size_t members) {
  if (weights.empty()) weights.assign(members, 1);
  check_weights(weights, members);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (auto& weight : weights) weight /= sum;
  return {std::move(weights)};
}

Weights choose_weights(const std::vector<Run>& others, const std::vector<Run>& members, const QuerySplit& split,
                       eval::Fusion method) {
  report::Tuning tuning;
  tuning.dataset = others[0].report.dataset.name;
  tuning.half = &others == &members;
  tuning.queries = count_known(others[0].queries, split.tuning);
  tuning.reported = count_known(members[0].queries, split.reported);
  tuning.left_out = split.left_out;
  tuning.unread = split.unread;
  check_enough(tuning);
  auto tuned = eval::tune(pools_of(others, split.tuning, method));
  tuning.top1 = tuned.top1;
  tuning.mrr = tuned.mrr;
  return {std::move(tuned.weights), tuning};
}

}  // namespace matcher::run
