// Replaces the blocks of an exported network on a GPU by faster ones: cuBLAS products, fused attention, our kernels.
#pragma once

#include <torch/script.h>

#include "matcher/core/device.hpp"

namespace matcher::model {

/// Replaces each block of `module` that says how it is built (network/block_contract.hpp) and has no mask. Call it when
/// the module is on its GPU. `precision` is fp16 or bf16. Returns true if all blocks of the image tower were replaced;
/// otherwise none is.
bool pack_for_cuda(torch::jit::Module& module, Precision precision);

}  // namespace matcher::model
