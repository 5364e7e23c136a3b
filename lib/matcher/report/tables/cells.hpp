// Formats numbers for the cells of tables.
#pragma once

#include <string>

#include "matcher/eval/metrics.hpp"
#include "matcher/report/speed.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {

std::string percent(double fraction);  ///< 0.125 -> "12.5 %"
std::string rate(double per_second);   ///< three figures

std::string shown(const Spread& spread);  ///< "61.2 [58.0, 63.1]", three figures

bool in_percent(const std::string& metric);  ///< true for shares (eval/metrics.hpp)

/// One decimal of a percentage for rates, three of a fraction otherwise: "64.4 %", "0.644". Every format prints this.
std::string shown(const std::string& metric, double value);
std::string shown(const std::string& metric, const eval::Estimate& estimate);
std::string shown_interval(const std::string& metric, const eval::Estimate& estimate);  ///< "62.5 % to 66.3 %"

std::string shown_with_interval(const std::string& metric, const eval::Estimate& estimate);  ///< "64.4 % [62.5, 66.3]"

/// "+3.1 [+2.6, +3.7] p=0.01" with the corrected p, in points for rates; adds "no difference shown" above the level.
std::string shown_gain(const std::string& metric, const eval::Gain& gain);

/// "+3.1 points [+2.6, +3.7], p=0.01", in a sentence, for a gain that is shown.
std::string shown_lead(const std::string& metric, const eval::Gain& gain);

/// shown_lead() from the other side: "-3.1 points [-3.7, -2.6], p=0.01" for a run that is behind by `gain`.
std::string shown_distance(const std::string& metric, const eval::Gain& gain);

/// Every digit, as CSV has them: reading it back gives the same value.
std::string exact(double value);

}  // namespace matcher::report
