#include "matcher/model/cpu/team.hpp"

#include <algorithm>

namespace matcher::model::cpu {
namespace {

/// Polls before sleeping. They take about 20 microseconds: longer than the gap between two products, and too short for
/// other threads to miss.
constexpr int patience = 1000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Waits until `value` is not `old`.
void await(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  for (int i = 0; i < patience && value.load(std::memory_order_acquire) == old; ++i) pause();
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

}  // namespace

Team::Team(int threads) {
  for (int i = 1; i < threads; ++i) threads_.emplace_back([this, i] { serve(i); });
}

Team::~Team() {
  over_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
}

void Team::run(std::int64_t tasks, const Task& work) {
  if (tasks <= 0) return;
  work_ = &work;
  tasks_ = tasks;
  undone_.store(std::uint32_t(tasks), std::memory_order_relaxed);
  left_.store(std::uint32_t(tasks), std::memory_order_release);
  if (!threads_.empty() && tasks > 1) {
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }
  while (work_on_one(0)) continue;
  for (auto undone = undone_.load(std::memory_order_acquire); undone != 0;
       undone = undone_.load(std::memory_order_acquire))
    await(undone_, undone);
}

/// Returns false if no task remains. A thread that took a task may read the team's fields: `run` waits for it.
bool Team::work_on_one(int thread) {
  auto left = left_.load(std::memory_order_acquire);
  do {
    if (left == 0) return false;
  } while (!left_.compare_exchange_weak(left, left - 1, std::memory_order_acq_rel));
  (*work_)(tasks_ - std::int64_t(left), thread);
  if (undone_.fetch_sub(1, std::memory_order_acq_rel) == 1) undone_.notify_all();
  return true;
}

void Team::serve(int thread) {
  for (auto round = round_.load(std::memory_order_acquire); !over_;) {
    while (work_on_one(thread)) continue;
    await(round_, round);
    round = round_.load(std::memory_order_acquire);
  }
}

}  // namespace matcher::model::cpu
