// Where accuracy is lost: the model, equal scores, the codes of the index, or what it does not look at.
#pragma once

#include <span>

#include "matcher/eval/metrics.hpp"
#include "matcher/pipeline/search/answer.hpp"

namespace matcher::pipeline {

/// Of answers by exact search, in which nothing is lost but by the model and by equal scores.
report::Losses split_loss(std::span<const run::RankedQuery> exact, std::span<const eval::Metric> metrics);

/// Of `answered`, by an index over the items of `vectors`, in whatever order: searched again exactly, and, where the
/// index keeps codes, exactly over what they stand for. Where the index cannot decode them all that it loses counts as
/// approximation.
report::Losses split_loss(std::span<const run::RankedQuery> answered, const Gallery& index, const VectorSet& vectors,
                          const VectorSet& queries, std::size_t depth, std::span<const eval::Metric> metrics);

}  // namespace matcher::pipeline
