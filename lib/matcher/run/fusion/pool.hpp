// The answers of several runs to the same queries, put together query by query.
#pragma once

#include <span>

#include "matcher/eval/fusion.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// The candidates of query `row` over all members, in the order of their ids.
struct Candidates {
  std::vector<const RankedAnswer*> answers;  ///< into the members
  eval::Pool pool;
};
Candidates candidates_of(std::span<const Run> members, std::size_t row, eval::Fusion method);

/// The pools of the queries that have a right answer, of `rows`.
std::vector<eval::Pool> pools_of(std::span<const Run> members, std::span<const std::size_t> rows, eval::Fusion method);

/// The queries of the members with the answers of all of them, best first by the weighted sum, `depth` at most.
std::vector<RankedQuery> fused_queries(std::span<const Run> members, eval::Fusion method,
                                       std::span<const double> weights, std::size_t depth);

}  // namespace matcher::run
