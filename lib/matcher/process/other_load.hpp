// Names the processor, and measures how busy other programs keep it.
#pragma once

#include <string>

namespace matcher {

/// The name of the first processor; "" if the system does not say.
std::string processor_name();

/// Seconds of all cores together.
struct CoreTimes {
  double all = 0;   ///< since the machine started
  double busy = 0;  ///< part of `all` that is not idle
  double own = 0;   ///< by this process
};
CoreTimes core_times();

/// The share of the processor, from 0 to 1, that other programs used between two measurements; 0 if the system does not
/// say.
double other_load(const CoreTimes& before, const CoreTimes& after);

}  // namespace matcher
