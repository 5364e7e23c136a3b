#include "matcher/index/blas.hpp"

#include <dlfcn.h>

namespace matcher::index {

void stop_idle_blas_threads() {
  // What OpenBLAS itself calls before a fork.
  if (auto* stop = ::dlsym(RTLD_DEFAULT, "blas_thread_shutdown_")) reinterpret_cast<int (*)()>(stop)();
}

}  // namespace matcher::index
