// Results as JUnit XML, which CI systems show.
#pragma once

#include <span>
#include <string>

#include "matcher/report/command_error.hpp"
#include "matcher/report/comparison.hpp"

namespace matcher::report {

/// A limit of eval --fail-below.
struct LeastValue {
  std::string metric;
  double least = 0;
};

// Each returns a suite that took `seconds`; its test cases have equal shares of them.

/// One test case per check, and per slice. A failed check is a failure, with the newly broken queries in its text; an
/// undecided one is skipped with the type "undecided". Nothing else is skipped.
std::string to_junit(const Comparison& comparison, double seconds = 0);

/// One test case for the evaluation, and one per limit.
std::string to_junit(const Report& report, std::span<const LeastValue> limits, double seconds);

/// One test case with the error that ended `command` ("matcher eval").
std::string to_junit(const CommandError& error, const std::string& command, double seconds);

}  // namespace matcher::report
