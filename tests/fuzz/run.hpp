// Runs a target on one input, and judges the outcome.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/target.hpp"

namespace matcher::fuzz {

/// Returns null if there is no such target.
const Target* find_target(std::string_view name);

/// Runs the target. Returns "" if the input is read, or refused with a sentence for users; otherwise the fault.
std::string fault_of(const Target& target, std::string_view input);

}  // namespace matcher::fuzz
