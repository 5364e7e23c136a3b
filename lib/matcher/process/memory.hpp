// Estimates how much memory the process may still use, and measures how much it used.
#pragma once

#include <cstdint>

namespace matcher {

/// Estimates the available bytes: the least of the free memory of the machine, the limits of the control group, and the
/// address space that is left. Returns the largest number if the system does not say.
std::uintmax_t available_memory();

/// The bytes of address space that `ulimit -v` leaves; the largest number without a limit.
std::uintmax_t address_space_left();

/// Forgets the peak so far: peak_memory() then counts from now. Does nothing if the system does not allow it.
void reset_peak_memory();

/// The most bytes that the process had in memory since its start or the last reset; 0 if the system does not say.
std::uintmax_t peak_memory();

}  // namespace matcher
