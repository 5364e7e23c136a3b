// A TorchScript module and how it is run.
#pragma once

#include <torch/script.h>

#include "matcher/model/network.hpp"

namespace matcher::model {

/// Compiles a blueprint's source around its weights, which stay where they are when they are of fp32.
torch::jit::Module build(const std::string& name, const Blueprint& blueprint);

std::unique_ptr<Network> load_network(const NetworkRequest& request);

}  // namespace matcher::model
