// A stored run with its answers: what fusion is made of.
#pragma once

#include <filesystem>

#include "matcher/run/run.hpp"

namespace matcher::run {

/// Reads report.json, queries.jsonl, run.trec and qrels.trec. Of queries whose label the gallery lacks only the answers
/// of queries.jsonl (the first 10) are there; the label of an answer is empty where the run says nothing of it. Throws
/// Error(input) naming file and line.
Run read_answered_run(const std::filesystem::path& folder);

}  // namespace matcher::run
