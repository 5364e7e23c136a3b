// Runs tasks of fractions of a millisecond on a team of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace matcher::model::cpu {

/// A free thread takes the next task, and no one waits for a thread without a task: on a busy machine the system may
/// suspend a thread for long. An idle thread soon sleeps, so that others, such as decode threads, get its core.
class Team {
 public:
  using Task = std::function<void(std::int64_t task, int thread)>;

  /// Starts `threads` - 1 threads: the calling thread is part of the team.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return int(threads_.size()) + 1; }
  /// Calls work(task, thread) for every task below `tasks`; returns when all are done. For one caller at a time. `work`
  /// must not throw.
  void run(std::int64_t tasks, const Task& work);

 private:
  void serve(int thread);
  bool work_on_one(int thread);

  const Task* work_ = nullptr;
  std::int64_t tasks_ = 0;
  std::atomic<std::uint32_t> left_{0};    ///< tasks that no thread has taken
  std::atomic<std::uint32_t> undone_{0};  ///< tasks that are not finished
  std::atomic<std::uint32_t> round_{0};   ///< changes when new work arrives, and at the end
  std::atomic<bool> over_{false};
  std::vector<std::jthread> threads_;
};

}  // namespace matcher::model::cpu
