// Lets runs of other systems, from run.trec and qrels.trec, be compared with each other and with runs of matcher.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/run/run.hpp"

namespace matcher::run {

/// Gives the foreign runs what they lack: the data, order and labels of the first run of matcher, or those of the first
/// run if all are foreign. All runs then keep as many answers as the run with the fewest, and are measured with the
/// metrics of the first run of matcher; with `metrics` if all are foreign. Changes nothing without a foreign run.
/// Throws Error(mismatch) if two runs have other queries, or other numbers of correct items.
void join_foreign(std::span<Run> runs, const std::vector<std::string>& metrics);

}  // namespace matcher::run
