// Examines the machine and the installation: `matcher doctor`.
#pragma once

#include "matcher/pipeline/context.hpp"
#include "matcher/report/diagnosis.hpp"

namespace matcher::pipeline {

/// Examines processor, load, memory, libraries, GPU, models, and the disk of the work folder. Waits a fifth of a second
/// to measure the load. A finding is broken if commands cannot work, and slow if they work, but not well.
report::Diagnosis diagnose(const Context& context);

}  // namespace matcher::pipeline
