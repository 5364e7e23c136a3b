// Threads of the index layer, which are OpenMP's, as FAISS's are. Internal to the layer.
#pragma once

#include <omp.h>

#include <cstddef>
#include <exception>

namespace matcher::index {

/// Sets how many OpenMP threads this thread may use, while it lives.
class OpenMpThreads {
 public:
  explicit OpenMpThreads(int count) : before_(omp_get_max_threads()) { omp_set_num_threads(count); }
  ~OpenMpThreads() { omp_set_num_threads(before_); }
  OpenMpThreads(const OpenMpThreads&) = delete;
  OpenMpThreads& operator=(const OpenMpThreads&) = delete;

 private:
  int before_;
};

/// Calls `work(i)` for i in [0, n) on all threads and throws the first exception on this one, which OpenMP would not.
template <typename Work>
void for_each_row(std::size_t n, const Work& work) {
  std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic) if (n > 1)  // waking threads takes longer than one query
  for (std::size_t i = 0; i < n; ++i) {
    try {
      work(i);
    } catch (...) {
#pragma omp critical(matcher_index_failure)
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace matcher::index
