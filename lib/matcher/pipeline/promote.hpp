// Makes a stored run the reference that later runs are compared with: `--promote` of eval and compare.
#pragma once

#include <filesystem>

#include "matcher/pipeline/context.hpp"

namespace matcher::pipeline {

/// True if there is a run at `reference`. Throws Error(usage) if there is something other than a run, Error(resource)
/// if the place cannot be written: call it before any work.
bool check_reference(const std::filesystem::path& reference);

/// Copies the stored run to the folder `reference` and logs this. Afterwards the folder is complete, or as it was.
/// Throws Error(input) if the run is missing or damaged.
void promote(const Context& context, const std::filesystem::path& run, const std::filesystem::path& reference);

}  // namespace matcher::pipeline
