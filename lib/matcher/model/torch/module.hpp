// TorchScript modules: read from a file, or compiled from a blueprint.
#pragma once

#include <torch/script.h>

#include "matcher/model/network/network.hpp"

namespace matcher::model {

/// The file, or the blueprint compiled around its weights, which stay where they are when they are of fp32. Throws
/// Error(input) for a file that this LibTorch does not read, with what it lacks.
torch::jit::Module read_module(const NetworkRequest& request);

}  // namespace matcher::model
