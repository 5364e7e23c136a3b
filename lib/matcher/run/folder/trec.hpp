// Answers of any system, in the files that trec_eval reads.
#pragma once

#include "matcher/run/run.hpp"

namespace matcher::run {

/// run.trec (query Q0 item rank score tag) judged by qrels.trec (query 0 item grade), read as trec_eval reads them: the
/// order is that of the scores as float32, equal scores by item id from last to first; grades above 0 are right.
/// Queries of qrels.trec without answers count as answered wrongly (its -c). Labels are not known. Throws Error(input)
/// with file:line.
StoredAnswers read_trec(const std::filesystem::path& folder);

}  // namespace matcher::run
