// Estimates how much memory the process may still use.
#pragma once

#include <cstdint>

namespace matcher {

/// Estimates the available bytes: the least of the free memory of the machine, the limits of the control group, and the
/// address space that is left. Returns the largest number if the system does not say.
std::uintmax_t available_memory();

/// The bytes of address space that `ulimit -v` leaves; the largest number without a limit.
std::uintmax_t address_space_left();

}  // namespace matcher
