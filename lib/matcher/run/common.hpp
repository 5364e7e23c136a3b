// Reduces runs to the queries that all of them have, so that runs of a catalogue that changed can be compared.
#pragma once

#include <span>
#include <vector>

#include "matcher/run/run.hpp"

namespace matcher::run {

/// Keeps the queries with a right answer that all runs have, with the same id and label, in the order of runs[0].
/// Returns how many others of these each run had. Answers stay as they are: a grown gallery has more wrong ones to
/// offer. Throws Error(mismatch) if none is common.
std::vector<std::size_t> keep_common_queries(std::span<Run> runs);

}  // namespace matcher::run
