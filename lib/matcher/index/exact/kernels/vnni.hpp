// Kernels compiled for AVX-512 with VNNI.
#pragma once

#include "matcher/index/exact/kernels.hpp"

namespace matcher::index {

extern const Kernels vnni_kernels;

}  // namespace matcher::index
