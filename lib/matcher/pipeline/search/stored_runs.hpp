// Reads stored runs for commands that compare them.
#pragma once

#include <filesystem>
#include <vector>

#include "matcher/run/run.hpp"

namespace matcher::pipeline {

/// Reads a run of matcher with the first answer of each query. Throws Error(input) if it is missing or damaged.
run::Run read_first_answers(const std::filesystem::path& folder);

/// read_first_answers() of several folders, on all cores.
std::vector<run::Run> read_first_answers(const std::vector<std::filesystem::path>& folders);

}  // namespace matcher::pipeline
