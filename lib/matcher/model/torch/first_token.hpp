// Finds out from the graph of a network which tokens of a block it uses.
#pragma once

#include <torch/script.h>

#include <string>

namespace matcher::model {

/// True if `module` uses only `[:, 0]` of the tokens [n, t, d] that its part `block` returns. The other tokens need not
/// be computed then.
bool takes_first_token_only(const torch::jit::Module& module, const std::string& block);

}  // namespace matcher::model
