// Runs networks on GPUs; only in a build with CUDA.
#pragma once

#include <memory>

#include "matcher/model/network/network.hpp"

namespace matcher::model {

/// Loads the network on every GPU of `device`, which is resolved. Throws as TorchPlugin::load does.
std::unique_ptr<Network> load_cuda_network(const NetworkRequest& request, const Device& device);

}  // namespace matcher::model
