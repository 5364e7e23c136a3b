#include "matcher/core/blas.hpp"

#include <dlfcn.h>

namespace matcher {
namespace {

/// Finds a function of OpenBLAS; nullptr if the BLAS is another one.
template <typename Function>
Function* find_function(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

int thread_count() {
  static auto* const get = find_function<int()>("openblas_get_num_threads");
  return get == nullptr ? 1 : get();
}

void use_threads(int count) {
  static auto* const set = find_function<void(int)>("openblas_set_num_threads");
  if (set != nullptr && thread_count() != count) set(count);
}

}  // namespace

void stop_blas_threads() {
  use_threads(1);
  // OpenBLAS itself calls this before a fork.
  if (auto* stop = find_function<int()>("blas_thread_shutdown_")) stop();
}

void use_all_blas_threads() {
  if (auto* cores = find_function<int()>("openblas_get_num_procs")) use_threads(cores());
}

OneBlasThread::OneBlasThread() : before_(thread_count()) { use_threads(1); }

OneBlasThread::~OneBlasThread() { use_threads(before_); }

}  // namespace matcher
