// Loads networks on the CPU, and hands those on GPUs to cuda_network.
#pragma once

#include "matcher/model/network/network.hpp"

namespace matcher::model {

std::unique_ptr<Network> load_network(const NetworkRequest& request);

}  // namespace matcher::model
