// Opens the LibTorch plugin.
#pragma once

#include <filesystem>

#include "matcher/model/network/network.hpp"

namespace matcher::model {

/// Opens the plugin on the first call. Throws Error(resource) with the places searched if it is missing, and with the
/// reason if it does not load.
const TorchPlugin& torch_plugin();

/// Finds the plugin without opening it. Throws Error(resource) with the places searched if it is missing.
std::filesystem::path find_torch_plugin();

}  // namespace matcher::model
