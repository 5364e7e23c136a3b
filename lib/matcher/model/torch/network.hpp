// A TorchScript module and how it is run.
#pragma once

#include <torch/script.h>

#include "matcher/model/network.hpp"

namespace matcher::model {

/// Compiles TorchScript source, which is `def forward(self, pictures: Tensor) -> Tensor`.
torch::jit::Module compile(const std::string& name, const std::string& source);

std::unique_ptr<Network> load_network(const NetworkRequest& request);

}  // namespace matcher::model
