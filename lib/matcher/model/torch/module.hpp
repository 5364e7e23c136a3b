// Loads TorchScript modules from a file, or compiles them from a blueprint.
#pragma once

#include <torch/script.h>

#include "matcher/model/network/network.hpp"

namespace matcher::model {

/// Reads the file, or compiles the blueprint around its weights; fp32 weights are borrowed, not copied. Throws
/// Error(input) for a file that this LibTorch cannot read, with the operator that it lacks.
torch::jit::Module read_module(const NetworkRequest& request);

}  // namespace matcher::model
