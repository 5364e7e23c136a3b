// The gate of a comparison as JUnit XML, which CI systems show.
#pragma once

#include <string>

#include "matcher/report/comparison.hpp"

namespace matcher::report {

/// One test case per check: a failed check is a failure, an undecided one is skipped.
std::string to_junit(const Comparison& comparison);

}  // namespace matcher::report
