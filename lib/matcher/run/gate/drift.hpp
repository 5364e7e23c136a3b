// Judges how far the best scores of the queries are from the baseline's: other photos than before.
#pragma once

#include <span>
#include <vector>

#include "matcher/report/gate.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

/// A check per run but the baseline, over all queries with an answer, whether both runs have them or not. Fails if the
/// distance is above `max_drift` and shown to be none of chance (Holm over the runs); undecided if it is above and not
/// shown, and if the runs have other models.
std::vector<report::DriftCheck> judge_drift(std::span<const Run> runs, std::size_t baseline, double max_drift);

}  // namespace matcher::run
