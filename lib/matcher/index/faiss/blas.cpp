// Functions of BLAS and LAPACK that FAISS's archive calls: each loads the libraries at its first call. The linker takes
// them instead of those of the libraries, so that a program does not load OpenBLAS before main. All parameters are
// addresses. Hidden, so that LibTorch does not see them.
#include "matcher/process/blas.hpp"

// NOLINTBEGIN: names and lists of parameters
#define MATCHER_BLAS(name, parameters, arguments)                                                          \
  extern "C" __attribute__((visibility("hidden"))) int name parameters;                                    \
  int name parameters {                                                                                    \
    static auto* const function = reinterpret_cast<int(*) parameters>(matcher::find_blas_function(#name)); \
    return function arguments;                                                                             \
  }

#define P6 void *a, void *b, void *c, void *d, void *e, void *f
#define P7 P6, void* g
#define P8 P7, void* h
#define P9 P8, void* i
#define P10 P9, void* j
#define P13 P10, void *k, void *l, void *m
#define P14 P13, void* n
#define A6 a, b, c, d, e, f
#define A7 A6, g
#define A8 A7, h
#define A9 A8, i
#define A10 A9, j
#define A13 A10, k, l, m
#define A14 A13, n
// NOLINTEND

MATCHER_BLAS(sgemm_, (P13), (A13))
MATCHER_BLAS(dgemm_, (P13), (A13))
MATCHER_BLAS(ssyrk_, (P10), (A10))
MATCHER_BLAS(sgeqrf_, (P8), (A8))
MATCHER_BLAS(sorgqr_, (P9), (A9))
MATCHER_BLAS(sgetrf_, (P6), (A6))
MATCHER_BLAS(dgetrf_, (P6), (A6))
MATCHER_BLAS(sgetri_, (P7), (A7))
MATCHER_BLAS(dgetri_, (P7), (A7))
MATCHER_BLAS(dsyev_, (P9), (A9))
MATCHER_BLAS(sgesvd_, (P14), (A14))
MATCHER_BLAS(dgesvd_, (P14), (A14))
MATCHER_BLAS(sgelsd_, (P14), (A14))
