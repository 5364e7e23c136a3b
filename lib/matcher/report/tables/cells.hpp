// Formats numbers for the cells of tables.
#pragma once

#include <string>

#include "matcher/eval/metrics.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {

std::string percent(double fraction);  ///< 0.125 -> "12.5 %"
std::string rate(double per_second);   ///< three figures

bool in_percent(const std::string& metric);  ///< true for shares (eval/metrics.hpp)

/// Decimals of a fraction that its interval supports: the last one is as large as half the width. From 2 to 4, so a
/// percentage has 0 to 2.
int decimals(const eval::Estimate& estimate);

/// Percent for rates, otherwise a fraction; with `decimals` of the fraction: ("top1", 0.6443, 2) -> "64 %".
std::string shown(const std::string& metric, double value, int decimals);
std::string shown(const std::string& metric, double value);  ///< one decimal of a percent, or four of a fraction
std::string shown(const std::string& metric, const eval::Estimate& estimate);
std::string shown_interval(const std::string& metric, const eval::Estimate& estimate);  ///< "63 % to 66 %"

std::string shown_with_interval(const std::string& metric, const eval::Estimate& estimate);  ///< "64 % [63, 66]"

/// "+3.1 [+2.6, +3.7] p=0.01" with the corrected p, in points for rates; adds "no difference shown" above the level.
std::string shown_gain(const std::string& metric, const eval::Gain& gain);

/// The same from the other side: "-3.1 points [-3.7, -2.6], p=0.01" for a run that is behind by `gain`.
std::string shown_distance(const std::string& metric, const eval::Gain& gain);

/// Every digit, as CSV has them: reading it back gives the same value.
std::string exact(double value);

}  // namespace matcher::report
