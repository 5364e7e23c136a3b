// Blocks and patches of exported networks, replaced by those that are written for this processor.
#pragma once

#include <torch/script.h>

#include <cstdint>
#include <optional>

#include "matcher/core/device.hpp"

namespace matcher::model {

/// Replaces every block and the patches that matcher's export declares in `module` by packed ones in `precision`, and
/// lets go of their weights; what is left in the module stays as it is. Returns the side of a patch in pixels. Nothing,
/// and the module is unchanged, when it declares none, when one cannot be packed, or when this processor lacks the
/// instructions.
std::optional<std::int64_t> pack(torch::jit::Module& module, Precision precision, int threads);

}  // namespace matcher::model
