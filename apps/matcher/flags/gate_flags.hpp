// The flags of a gate: limits against a baseline.
#pragma once

#include "flags/flags.hpp"
#include "matcher/run/gate.hpp"

namespace matcher::app {

struct GateFlags {
  std::string max_drop, max_drop_label, max_drop_slice, max_slowdown;
  std::vector<std::string> slices;
  std::optional<double> max_p95, min_images_per_second, max_drift;
};

void add_gate_flags(CLI::App& command, GateFlags& flags);
/// Throws Error(usage) for a limit that is not NAME=FRACTION.
run::GateOptions gate_options(const GateFlags& flags);

}  // namespace matcher::app
