// Reads stored runs for commands that compare them.
#pragma once

#include <filesystem>
#include <vector>

#include "matcher/core/observer.hpp"
#include "matcher/run/run.hpp"

namespace matcher::pipeline {

/// The columns of the queries that are read.
using Columns = std::vector<std::string>;

/// Reads a run of matcher with the first answer of each query. Throws Error(input) if it is missing or damaged.
run::Run read_first_answers(const std::filesystem::path& folder, const Columns& columns = {});

/// The same for a run of matcher or of another system, with warnings about doubtful files.
run::Run read_any_answers(const std::filesystem::path& folder, Observer& observer, const Columns& columns = {});

/// Logs the warnings about the files of a run, and how many queries have no answers: these count as wrong, as with
/// trec_eval -c.
void warn_of_files(Observer& observer, const run::Run& run);

/// read_first_answers() of several folders, on all cores.
std::vector<run::Run> read_first_answers(const std::vector<std::filesystem::path>& folders,
                                         const Columns& columns = {});

}  // namespace matcher::pipeline
