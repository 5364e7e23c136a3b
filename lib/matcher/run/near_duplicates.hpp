// Photos that are on both sides of an evaluation, and what is left without them.
#pragma once

#include <span>

#include "matcher/run/outcomes.hpp"

namespace matcher::run {

/// Among the queries that have a right answer; `limit` is a cosine. `outcomes.nearest` is not empty.
report::NearDuplicates near_duplicates(const Outcomes& outcomes, double limit, std::span<const eval::Measure> measures,
                                       const std::string& resample);

}  // namespace matcher::run
