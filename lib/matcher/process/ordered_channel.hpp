// A bounded channel that returns results in order: many threads produce numbered results, one takes them by number. The
// bound keeps memory flat: no producer may run further ahead of the taker than the window.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace matcher {

template <typename T>
class OrderedChannel {
 public:
  /// Numbers run from `first` to `last` (exclusive); at most `window` results are in progress.
  OrderedChannel(std::size_t first, std::size_t last, std::size_t window)
      : next_(first), taken_(first), last_(last), slots_(window) {}

  /// Claims the next number to work on; waits for room. Empty at the end, and after close().
  std::optional<std::size_t> claim() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return closed_ || next_ == last_ || next_ < taken_ + slots_.size(); });
    if (closed_ || next_ == last_) return std::nullopt;
    return next_++;
  }

  void put(std::size_t number, T value) {
    std::lock_guard lock(mutex_);
    slots_[number % slots_.size()] = std::move(value);
    filled_.notify_one();
  }

  /// Passes an error to the taker, in place of every remaining result.
  void fail(std::exception_ptr error) {
    std::lock_guard lock(mutex_);
    error_ = std::move(error);
    filled_.notify_one();
  }

  /// Takes the next result in order; empty after the last. Throws the error passed to fail().
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    if (taken_ == last_) return std::nullopt;
    auto& slot = slots_[taken_ % slots_.size()];
    filled_.wait(lock, [&] { return slot.has_value() || error_; });
    if (!slot) std::rethrow_exception(error_);
    std::optional<T> value = std::exchange(slot, std::nullopt);
    ++taken_;
    room_.notify_all();
    return value;
  }

  /// Ends taking: claim() returns nothing from now on.
  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    room_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable filled_;
  std::size_t next_;
  std::size_t taken_;
  const std::size_t last_;
  std::vector<std::optional<T>> slots_;
  std::exception_ptr error_;
  bool closed_ = false;
};

}  // namespace matcher
