// Limits the threads of OpenMP and BLAS, and runs loops on them. FAISS uses the same threads.
#pragma once

#include <omp.h>

#include <cstddef>
#include <exception>
#include <mutex>

#include "matcher/process/blas.hpp"
#include "matcher/process/openmp.hpp"

namespace matcher::index {

/// Limits OpenMP (of this thread) and BLAS (of the process) to one thread while it lives, so that the same vectors give
/// the same index. FAISS links graphs in the order in which threads run, and BLAS rounds by how it splits the work.
class SingleThread {
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  std::lock_guard<std::mutex> lock_{mutex()};  // two builds at once would restore each other's single thread
  OpenMpThreads openmp_{1};
  OneBlasThread blas_;
};

/// Calls `work(i)` for i in [0, n) on all threads. Throws the exception of the smallest i on this thread; OpenMP would
/// not.
template <typename Work>
void for_each_row(std::size_t n, const Work& work) {
  std::exception_ptr failure;
  std::size_t failed = n;
#pragma omp parallel for schedule(dynamic) if (n > 1)  // waking threads takes longer than one query
  for (std::size_t i = 0; i < n; ++i) {
    try {
      work(i);
    } catch (...) {
#pragma omp critical(matcher_index_failure)
      if (i < failed) {
        failed = i;
        failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace matcher::index
