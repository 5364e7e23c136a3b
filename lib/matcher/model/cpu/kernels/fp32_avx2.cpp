// The kernels in fp32, for processors without AVX-512.
#include "matcher/model/cpu/kernels/vector_avx2.hpp"
// Must follow the registers.
#include "matcher/model/cpu/kernels/element_fp32.hpp"
#include "matcher/model/cpu/kernels/kernels_of.hpp"

namespace matcher::model::cpu {

const Kernels& fp32_avx2_kernels() { return table; }

}  // namespace matcher::model::cpu
