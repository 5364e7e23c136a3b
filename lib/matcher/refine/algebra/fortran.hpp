// Calls functions of BLAS and LAPACK.
#pragma once

#include <cstddef>

#include "matcher/process/blas.hpp"

namespace matcher::refine {

/// Calls a function by its name, such as "sgemm_". All parameters are addresses. The length of each text comes last, as
/// Fortran passes it.
template <typename... Arguments>
void call_fortran(const char* name, Arguments... arguments) {
  using Function = void (*)(Arguments...);
  reinterpret_cast<Function>(find_blas_function(name))(arguments...);
}

/// The length of a text of one letter.
inline constexpr std::size_t one_letter = 1;

}  // namespace matcher::refine
