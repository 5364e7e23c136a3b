// Reads a run of another system from run.trec and qrels.trec.
#pragma once

#include <filesystem>

#include "matcher/run/run_folder.hpp"

namespace matcher::run {

/// Reads the files as trec_eval does: answers are ordered by score as float32, equal scores by item id from last to
/// first, and grades above 0 are right. Queries without answers count as wrong (trec_eval -c). Labels are unknown, and
/// `relevant_ids` stay empty. Throws Error(input), with file and line for a damaged line.
Run read_trec_run(const std::filesystem::path& answers, const std::filesystem::path& judgements, Answers read);

}  // namespace matcher::run
