// Evaluates several models on the same images.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "matcher/core/observer.hpp"
#include "matcher/run/run.hpp"

namespace matcher::pipeline {

/// Calls `evaluate` with 0 to `count` - 1. If a run lost more images than another, it is evaluated once more: an image
/// that could not be read for a moment is embedded then, and the runs are of the same data.
std::vector<run::Run> evaluate_alike(std::size_t count, const std::function<run::Run(std::size_t)>& evaluate,
                                     Observer& observer);

}  // namespace matcher::pipeline
