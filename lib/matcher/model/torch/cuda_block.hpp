// The blocks of an exported network on a GPU: products by cuBLAS, fused attention, and our kernels between them.
#pragma once

#include <torch/script.h>

#include "matcher/core/device.hpp"

namespace matcher::model {

/// Puts a block of its own in the place of each block of `module` that says how it is built and has no mask. Call it
/// when the module is on its GPU. `precision` is fp16 or bf16. Returns whether all of the blocks of pictures were
/// replaced; when not, none is.
bool pack_for_cuda(torch::jit::Module& module, Precision precision);

}  // namespace matcher::model
