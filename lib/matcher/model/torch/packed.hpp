// Replaces the blocks and patches of exported networks by our kernels for this processor.
#pragma once

#include <torch/script.h>

#include <cstdint>
#include <optional>

#include "matcher/core/device.hpp"

namespace matcher::model {

/// Replaces every block and the patches that export declared in `module` by packed ones in `precision`, and frees their
/// weights. Returns the side of a patch in pixels. Returns nullopt and leaves the module unchanged if it declares no
/// patches, if a block cannot be packed, or if this processor lacks the instructions.
std::optional<std::int64_t> pack(torch::jit::Module& module, Precision precision, int threads);

}  // namespace matcher::model
