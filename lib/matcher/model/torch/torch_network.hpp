// A TorchScript module and how it is run.
#pragma once

#include "matcher/model/network/network.hpp"

namespace matcher::model {

std::unique_ptr<Network> load_network(const NetworkRequest& request);

}  // namespace matcher::model
