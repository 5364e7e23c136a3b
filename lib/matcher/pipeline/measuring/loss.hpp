// Splits the loss of accuracy into its causes: the model, equal scores, codes, and vectors that are not searched.
#pragma once

#include <span>

#include "matcher/eval/metrics.hpp"
#include "matcher/pipeline/search/answer.hpp"

namespace matcher::pipeline {

/// Splits the loss of exact search: only the model and equal scores lose anything.
report::Losses split_loss(std::span<const run::RankedQuery> exact, std::span<const eval::Metric> metrics);

/// Splits the loss of `answered`, the answers of an index over the items of `vectors`. Searches again exactly, and, if
/// the index keeps codes, exactly over the decoded vectors. If it cannot decode them, all its loss is approximation.
report::Losses split_loss(std::span<const run::RankedQuery> answered, const Gallery& index, const VectorSet& vectors,
                          const VectorSet& queries, std::size_t depth, std::span<const eval::Metric> metrics);

}  // namespace matcher::pipeline
