// Opens the plugin for GPUs, which is built only if FAISS has GPU support.
#pragma once

#include <string>

#include "matcher/index/gpu/interface.hpp"

namespace matcher::index {

/// Why there is no plugin; empty if it was built.
std::string why_no_gpu_plugin();

/// Opens the plugin on the first call. Throws Error(resource) if it cannot be opened, or was not built.
const GpuPlugin& open_gpu_plugin();

}  // namespace matcher::index
