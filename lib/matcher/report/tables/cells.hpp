// How numbers stand in the cells of tables.
#pragma once

#include <string>

#include "matcher/report/comparison.hpp"

namespace matcher::report {

std::string percent(double fraction);  ///< 0.125 -> "12.5 %"
std::string fraction(double value);    ///< six decimals, as CSV has them
std::string rate(double per_second);   ///< three figures

bool is_rate(const std::string& metric);       ///< shown in percent
std::string title(const std::string& metric);  ///< "top1" -> "top-1", "ndcg10" -> "nDCG@10"

/// Decimals of a fraction that an interval supports: the last one is of the size of half its width; 2 to 4 of them, so
/// that a percentage has none to two.
int decimals(const eval::Estimate& estimate);

/// Percent for rates and a fraction for all else, with `decimals` of the fraction: ("top1", 0.6443, 2) -> "64 %".
std::string shown(const std::string& metric, double value, int decimals);
std::string shown(const std::string& metric, double value);  ///< with one decimal of a percent, four of a fraction
std::string shown(const std::string& metric, const eval::Estimate& estimate);
std::string shown_interval(const std::string& metric, const eval::Estimate& estimate);  ///< "63 % to 66 %"

std::string shown_with_interval(const std::string& metric, const eval::Estimate& estimate);  ///< "64 % [63, 66]"

/// "+3.1 [+2.6, +3.7] p=0.01", in points for rates; with the corrected p, and what it is where nothing is shown.
std::string shown_gain(const std::string& metric, const eval::Gain& gain);

/// Every digit there is: what is read is what was written.
std::string exact(double value);

}  // namespace matcher::report
