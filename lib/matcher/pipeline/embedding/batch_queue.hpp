// Gathers prepared items into batches, embeds them, and gives them back in order.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/model/embedder.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"

namespace matcher::pipeline {

/// Measures the time in which at least one of several threads works.
class BusyTime {
 public:
  using Clock = std::chrono::steady_clock;

  void begin();
  void end();
  Clock::duration total() const;

 private:
  mutable std::mutex mutex_;
  int working_ = 0;
  Clock::time_point since_{};
  Clock::duration total_{};
};

/// As many batches run at once as the embedder has lanes. The vectors do not depend on that.
class BatchQueue {
 public:
  /// Borrows the embedder. A batch has `batch_size` usable items.
  BatchQueue(model::Embedder& embedder, std::size_t batch_size) : embedder_(embedder), batch_size_(batch_size) {}

  /// Adds an item, also an unusable one, and sends a full batch to the network.
  void add(Prepared prepared);
  /// Sends the items that are gathered, however few.
  void flush();

  /// How many batches may wait for the network while the next one is gathered; 0 if only this thread embeds.
  std::size_t ahead() const { return embedder_.lanes() > 1 ? std::size_t(embedder_.lanes()) : 0; }

  enum class Take { when_enough_wait, all };
  /// Returns the oldest batch that was sent, in the order of add(): each usable item has its vector. Waits for the
  /// network. Returns nothing if no batch was sent, or if the batches that were may still wait. Throws what the network
  /// throws.
  std::optional<std::vector<Prepared>> next(Take take = Take::when_enough_wait);

  /// Calls `use` for each item that next() did not return yet.
  void for_each_waiting(const std::function<void(const Prepared&)>& use) const;

  BusyTime::Clock::duration busy() const { return busy_.total(); }  ///< time in which the network worked

 private:
  /// Consecutive items. `samples` are those of the items that the network embeds.
  struct Batch {
    std::vector<Prepared> items;
    std::vector<model::Sample> samples;
    std::size_t usable = 0;
    std::future<Matrix> fresh;  ///< [samples, d]
  };

  Matrix embed(const std::vector<model::Sample>& samples);
  static void place_vectors(std::vector<Prepared>& items, const Matrix& fresh);

  model::Embedder& embedder_;
  std::size_t batch_size_;
  BusyTime busy_;
  Batch gathered_;
  std::deque<Batch> sent_;
};

}  // namespace matcher::pipeline
