// What a network does with the tokens that a block returns.
#pragma once

#include <torch/script.h>

#include <string>

namespace matcher::model {

/// Whether all that `module` ever does with what its part `block` returns, [n, t, d], is to take `[:, 0]` of it: then
/// the other tokens need not be computed.
bool takes_first_token_only(const torch::jit::Module& module, const std::string& block);

}  // namespace matcher::model
