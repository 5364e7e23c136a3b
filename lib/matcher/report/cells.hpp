// How numbers stand in the cells of tables.
#pragma once

#include <string>

namespace matcher::report {

std::string percent(double fraction);  ///< 0.125 -> "12.5 %"
std::string fraction(double value);    ///< six decimals, as CSV has them
std::string rate(double per_second);   ///< three figures

bool is_rate(const std::string& metric);  ///< shown in percent
std::string shown(const std::string& metric, double value);
std::string title(const std::string& metric);  ///< "top1" -> "top-1"

}  // namespace matcher::report
