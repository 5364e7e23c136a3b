#include "matcher/pipeline/embedding/batch_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/stopped.hpp"

namespace matcher::pipeline {
namespace {

double seconds(BusyTime::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

std::string describe_slow_decoding(const DecodeLoad& load) {
  constexpr double least_seconds = 2, least_share = 0.25;
  const double waited = 1 - load.network_seconds / load.seconds;
  if (load.seconds < least_seconds || waited < least_share || 2 * load.reducible <= load.images) return {};
  return fmt::format(
      "the network waited for decoded images {:.0f} % of the time. --decode fast decodes {} of the {} images at a "
      "reduced size. To measure what that costs in accuracy, compare the models NAME and NAME@fast",
      100 * waited, load.reducible, load.images);
}

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

BatchJob::BatchJob(Observer& observer, const ExecutionOptions& execution, model::Embedder& embedder,
                   store::EmbeddingWriter& writer, store::VectorCache* cache)
    : observer_(observer),
      execution_(execution),
      embedder_(embedder),
      writer_(writer),
      cache_(cache),
      failed_(writer.failures()) {
  next_.consumed = writer.consumed();
  // The journal must not have an item whose vector the cache could still lose.
  if (cache) writer.before_checkpoint([cache] { cache->sync(); });
}

void BatchJob::run(const std::vector<Work>& works, const std::string& stage) {
  observer_.begin(stage, works.size(), next_.consumed);
  const auto start = BusyTime::Clock::now();
  const auto ahead = std::size_t(execution_.batch_size) * (3 + waiting_batches());
  Decoder decoder(works, next_.consumed, embedder_, cache_, thread_count(execution_.threads), ahead);
  while (auto prepared = decoder.next()) take(std::move(*prepared));
  flush();
  for (; !pending_.empty(); pending_.pop_front()) write(pending_.front());
  if (cache_) cache_->sync();
  keep_if_stopped([&] { observer_.end(); });
  all_ = BusyTime::Clock::now() - start;
  observer_.log(LogLevel::debug, fmt::format("the network was busy {:.1f} % of {:.2f} s",
                                             100 * seconds(busy_.total()) / seconds(all_), seconds(all_)));
}

std::string BatchJob::describe_slow_decoding() const {
  return pipeline::describe_slow_decoding({seconds(all_), seconds(busy_.total()), decoded_, slow_});
}

/// Batches that wait for the network while the next one is gathered; 0 if only this thread embeds.
std::size_t BatchJob::waiting_batches() const { return embedder_.lanes() > 1 ? std::size_t(embedder_.lanes()) : 0; }

void BatchJob::take(Prepared prepared) {
  ++next_.consumed;
  clipped_ += prepared.clipped ? 1 : 0;
  lost_alpha_ += prepared.lost_alpha ? 1 : 0;
  decoded_ += prepared.sample.is_text() ? 0 : 1;
  slow_ += prepared.can_be_faster ? 1 : 0;
  if (prepared.reason.empty()) {
    if (prepared.vector.empty()) next_.samples.push_back(std::move(prepared.sample));
    next_.cached.push_back(std::move(prepared.vector));
    next_.items.push_back(std::move(prepared.item));
  } else {
    note_failure(next_, prepared.item, prepared.reason);
  }
  if (int(next_.items.size()) == execution_.batch_size) flush();
}

void BatchJob::note_failure(Batch& batch, const store::ItemRow& item, const std::string& reason) {
  observer_.log(LogLevel::debug, fmt::format("{}: {}", item.path, reason));
  batch.failures.push_back({item.id, item.path, item.role, reason});
  if (!execution_.max_failures || ++failed_ <= *execution_.max_failures) return;
  for (const auto& waiting : pending_) writer_.show_failures(waiting.failures);
  writer_.show_failures(next_.failures);
  throw Error(ErrorCode::input,
              fmt::format("{} images cannot be used, more than --max-failures {} allows; the last: {}: {}", failed_,
                          *execution_.max_failures, item.path, reason));
}

/// A model that returns NaN for every image is wrong, and need not embed them all.
void BatchJob::note_broken(Batch& batch, const store::ItemRow& item) {
  constexpr std::size_t enough = 64;
  const auto reason = describe_broken_vector(embedder_);
  if (++broken_ == enough && usable_ == 0) {
    throw Error(ErrorCode::mismatch, fmt::format("none of the first {} vectors can be used; the last: {}: {}", enough,
                                                 item.path.empty() ? item.id : item.path, reason));
  }
  note_failure(batch, item, reason);
}

/// Sends the gathered batch to the network, and writes the batches before it, but for those that may wait.
void BatchJob::flush() {
  auto& batch = pending_.emplace_back(std::exchange(next_, Batch{}));
  next_.consumed = batch.consumed;
  const auto how = waiting_batches() > 0 ? std::launch::async : std::launch::deferred;
  batch.fresh = std::async(how, [this, &samples = batch.samples] { return embed(samples); });
  for (; pending_.size() > waiting_batches(); pending_.pop_front()) write(pending_.front());
}

Matrix BatchJob::embed(const std::vector<model::Sample>& samples) {
  if (samples.empty()) return Matrix(0, embedder_.dimension());
  struct Working {
    explicit Working(BusyTime& time) : busy(time) { busy.begin(); }
    ~Working() { busy.end(); }
    BusyTime& busy;
  } const working(busy_);
  return embedder_.embed(samples);
}

void BatchJob::write(Batch& batch) {
  const auto vectors = collect_vectors(batch);
  writer_.append(vectors.view(), batch.items, batch.failures, batch.consumed);
  keep_if_stopped([&] { observer_.advance(batch.items.size() + batch.failures.size()); });
}

void BatchJob::keep_if_stopped(const std::function<void()>& report) {
  try {
    report();
  } catch (const Stopped&) {
    writer_.checkpoint();
    throw;
  }
}

/// Waits for the network and joins its vectors with those of the cache, in the order of the items. Items whose vector
/// has NaN or infinity become failures.
Matrix BatchJob::collect_vectors(Batch& batch) {
  const auto fresh = batch.fresh.get();
  Matrix all(0, embedder_.dimension());
  const auto items = std::exchange(batch.items, {});
  for (std::size_t i = 0, next = 0; i < items.size(); ++i) {
    const bool is_new = batch.cached[i].empty();
    const auto vector = is_new ? fresh.row(next++) : std::span<const float>(batch.cached[i]);
    if (!is_finite(vector)) {
      note_broken(batch, items[i]);
      continue;
    }
    if (is_new && cache_) cache_->put(cache_key(items[i]), vector);
    reused_ += is_new ? 0 : 1;
    ++usable_;
    all.data.insert(all.data.end(), vector.begin(), vector.end());
    ++all.rows;
    batch.items.push_back(items[i]);
  }
  return all;
}

}  // namespace matcher::pipeline
