// Threads that compute one thing after another together, for tasks of fractions of a millisecond.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace matcher::model::cpu {

/// Whoever is free takes the next task, and nobody waits for a thread that has none: on a busy machine a thread may be
/// away for long. Who has nothing to do soon sleeps, so that other threads, such as those that decode, have the core.
class Team {
 public:
  using Task = std::function<void(std::int64_t task, int thread)>;

  /// The calling thread is one of them.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return int(threads_.size()) + 1; }
  /// work(task, thread) for every task below `tasks`; returns when all are done. By one thread at a time; `work` must
  /// not throw.
  void run(std::int64_t tasks, const Task& work);

 private:
  void serve(int thread);
  bool work_on_one(int thread);

  const Task* work_ = nullptr;
  std::int64_t tasks_ = 0;
  std::atomic<std::uint32_t> left_{0};    ///< tasks that nobody has taken
  std::atomic<std::uint32_t> undone_{0};  ///< tasks that are not finished
  std::atomic<std::uint32_t> round_{0};   ///< changes when there is work, and at the end
  std::atomic<bool> over_{false};
  std::vector<std::jthread> threads_;
};

}  // namespace matcher::model::cpu
