// What was asked of the networks, told without loading one: a set that was made for the same request is used again.
#pragma once

#include <string>

#include "matcher/pipeline/context.hpp"

namespace matcher::pipeline {

/// Fingerprint of the models and their weights, the device and the precision as asked for, and of what `auto` depends
/// on: the processor, its GPUs, and the LibTorch plugin.
std::string request_fingerprint(const Context& context, const ModelChoice& choice, const ExecutionOptions& execution);

}  // namespace matcher::pipeline
