// A comparison as a Markdown page, for the summary of a CI job.
#pragma once

#include <string>

#include "matcher/report/comparison.hpp"

namespace matcher::report {

/// Verdict, checks, table, and per model the first 20 queries that broke and that were fixed.
std::string to_summary(const Comparison& comparison);

}  // namespace matcher::report
