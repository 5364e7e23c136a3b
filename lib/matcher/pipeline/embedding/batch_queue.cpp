#include "matcher/pipeline/embedding/batch_queue.hpp"

#include <algorithm>
#include <utility>

namespace matcher::pipeline {

void BusyTime::begin() {
  const std::lock_guard lock(mutex_);
  if (working_++ == 0) since_ = Clock::now();
}

void BusyTime::end() {
  const std::lock_guard lock(mutex_);
  if (--working_ == 0) total_ += Clock::now() - since_;
}

BusyTime::Clock::duration BusyTime::total() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

void BatchQueue::add(Prepared prepared) {
  if (prepared.reason.empty()) {
    ++gathered_.usable;
    prepared.from_cache = !prepared.vector.empty();
    if (!prepared.from_cache) gathered_.samples.push_back(std::exchange(prepared.sample, {}));
  }
  gathered_.items.push_back(std::move(prepared));
  if (gathered_.usable == batch_size_) flush();
}

void BatchQueue::flush() {
  if (gathered_.items.empty()) return;
  auto& batch = sent_.emplace_back(std::exchange(gathered_, {}));
  const auto how = ahead() > 0 ? std::launch::async : std::launch::deferred;
  batch.fresh = std::async(how, [this, &samples = batch.samples] { return embed(samples); });
}

std::optional<std::vector<Prepared>> BatchQueue::next(Take take) {
  if (sent_.empty() || (take == Take::when_enough_wait && sent_.size() <= ahead())) return std::nullopt;
  auto& batch = sent_.front();
  place_vectors(batch.items, batch.fresh.get());
  auto items = std::move(batch.items);
  sent_.pop_front();
  return items;
}

void BatchQueue::for_each_waiting(const std::function<void(const Prepared&)>& use) const {
  for (const auto& batch : sent_) std::ranges::for_each(batch.items, use);
  std::ranges::for_each(gathered_.items, use);
}

Matrix BatchQueue::embed(const std::vector<model::Sample>& samples) {
  if (samples.empty()) return Matrix(0, embedder_.dimension());
  struct Working {
    explicit Working(BusyTime& time) : busy(time) { busy.begin(); }
    ~Working() { busy.end(); }
    BusyTime& busy;
  } const working(busy_);
  return embedder_.embed(samples);
}

/// Row i of `fresh` belongs to the i-th usable item that the cache lacked.
void BatchQueue::place_vectors(std::vector<Prepared>& items, const Matrix& fresh) {
  std::size_t next = 0;
  for (auto& item : items) {
    if (!item.reason.empty() || item.from_cache) continue;
    const auto row = fresh.row(next++);
    item.vector.assign(row.begin(), row.end());
  }
}

}  // namespace matcher::pipeline
