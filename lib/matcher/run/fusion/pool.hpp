// Joins the answers of several runs to the same queries, query by query.
#pragma once

#include <span>

#include "matcher/eval/fusion.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// The candidates of a query over all members, in the order of their ids.
struct Candidates {
  std::vector<const RankedAnswer*> answers;  ///< borrowed from the members
  eval::Pool pool;
};
Candidates candidates_of(std::span<const Run> members, std::size_t row, eval::Fusion method);

/// The pools of the known queries among `rows`.
std::vector<eval::Pool> pools_of(std::span<const Run> members, std::span<const std::size_t> rows, eval::Fusion method);

/// The queries of the members with their joined answers: the best `depth` by weighted sum.
std::vector<RankedQuery> fused_queries(std::span<const Run> members, eval::Fusion method,
                                       std::span<const double> weights, std::size_t depth);

}  // namespace matcher::run
