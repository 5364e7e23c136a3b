// Independent pieces of work on several threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace matcher::pipeline {

/// Calls work(i) for every i below `count`, in no order, on `threads` threads, and after each done() by one thread at a
/// time. Throws, when all have stopped, the first exception there was.
template <class Work, class Done>
void in_parallel(std::size_t count, int threads, Work work, Done done) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr error;
  const auto loop = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) {
        work(i);
        const std::lock_guard lock(mutex);
        done();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> pool;
    for (int t = 0; t < threads; ++t) pool.emplace_back(loop);
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace matcher::pipeline
