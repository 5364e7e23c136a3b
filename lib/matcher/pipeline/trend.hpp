// Follows a metric over stored runs: `matcher trend`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/pipeline/context.hpp"
#include "matcher/report/trend.hpp"
#include "matcher/run/trend.hpp"

namespace matcher::pipeline {

/// `baseline`: the folder of the reference; empty: the oldest run. Throws Error(usage) for fewer than two runs,
/// Error(input) for a missing or damaged run; otherwise as run::follow().
report::Trend trend(const Context& context, const std::vector<std::filesystem::path>& runs,
                    const std::filesystem::path& baseline, const run::TrendOptions& options);

}  // namespace matcher::pipeline
