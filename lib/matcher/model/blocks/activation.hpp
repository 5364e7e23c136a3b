// The activations that networks may name.
#pragma once

#include <string>

#include "matcher/model/checkpoint/config_file.hpp"

namespace matcher::model {

/// Returns a TorchScript expression of h; "" for an activation that matcher cannot build.
std::string activation_source(const std::string& name);

/// Reads `hidden_act`. Throws Error(input) for an activation that matcher cannot build.
std::string read_activation(const Settings& settings, const std::string& fallback);

}  // namespace matcher::model
