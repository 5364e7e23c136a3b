#include "matcher/pipeline/embedding/batch_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "matcher/core/error.hpp"

namespace matcher::pipeline {
namespace {

double seconds(BusyTime::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

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

BatchJob::BatchJob(const Context& context, const EmbedOptions& options, model::Embedder& embedder,
                   store::EmbeddingWriter& writer, store::VectorCache* cache)
    : context_(context),
      options_(options),
      embedder_(embedder),
      writer_(writer),
      cache_(cache),
      failed_(writer.failures()) {
  next_.consumed = writer.consumed();
}

void BatchJob::run(const std::vector<Work>& works) {
  context_.observer.begin(fmt::format("embedding {}", options_.dataset), works.size(), next_.consumed);
  const auto start = BusyTime::Clock::now();
  const auto ahead = std::size_t(options_.execution.batch_size) * (3 + under_way());
  Decoder decoder(works, next_.consumed, embedder_, cache_, thread_count(options_.execution.threads), ahead);
  while (auto picture = decoder.next()) take(std::move(*picture));
  flush();
  for (; !pending_.empty(); pending_.pop_front()) write(pending_.front());
  if (cache_) cache_->sync();
  context_.observer.end();
  const auto all = BusyTime::Clock::now() - start;
  context_.observer.log(LogLevel::debug, fmt::format("the network was busy {:.1f} % of {:.2f} s",
                                                     100 * seconds(busy_.total()) / seconds(all), seconds(all)));
}

/// Batches that wait for the network while the next is gathered; none where this thread is the only one that embeds.
std::size_t BatchJob::under_way() const { return embedder_.lanes() > 1 ? std::size_t(embedder_.lanes()) : 0; }

void BatchJob::take(Picture picture) {
  ++next_.consumed;
  if (picture.reason.empty()) {
    if (picture.vector.empty()) next_.samples.push_back(std::move(picture.sample));
    next_.cached.push_back(std::move(picture.vector));
    next_.items.push_back(std::move(picture.item));
  } else {
    note_failure(picture);
  }
  if (int(next_.items.size()) == options_.execution.batch_size) flush();
}

void BatchJob::note_failure(const Picture& picture) {
  context_.observer.log(LogLevel::debug, fmt::format("{}: {}", picture.item.path, picture.reason));
  next_.failures.push_back({picture.item.id, picture.item.path, picture.item.role, picture.reason});
  if (!options_.execution.max_failures || ++failed_ <= *options_.execution.max_failures) return;
  throw Error(ErrorCode::input,
              fmt::format("{} pictures cannot be used, more than --max-failures {} allows; the last: {}: {}", failed_,
                          *options_.execution.max_failures, picture.item.path, picture.reason));
}

/// Sends the batch that was gathered to the network, and writes those that are ahead of as many as may be under way.
void BatchJob::flush() {
  auto& batch = pending_.emplace_back(std::exchange(next_, Batch{}));
  next_.consumed = batch.consumed;
  const auto how = under_way() > 0 ? std::launch::async : std::launch::deferred;
  batch.fresh = std::async(how, [this, &samples = batch.samples] { return embed(samples); });
  for (; pending_.size() > under_way(); pending_.pop_front()) write(pending_.front());
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
  writer_.append(vectors(batch).view(), batch.items, batch.failures, batch.consumed);
  context_.observer.advance(batch.items.size() + batch.failures.size());
}

/// Of the items: those of the cache, and those that the network makes of the samples.
Matrix BatchJob::vectors(Batch& batch) {
  const auto fresh = batch.fresh.get();
  Matrix all(batch.items.size(), embedder_.dimension());
  for (std::size_t i = 0, next = 0; i < batch.items.size(); ++i) {
    const bool is_new = batch.cached[i].empty();
    std::ranges::copy(is_new ? fresh.row(next++) : std::span<const float>(batch.cached[i]), all.row(i).begin());
    if (is_new && cache_) cache_->put(cache_key(batch.items[i]), all.row(i));
    reused_ += is_new ? 0 : 1;
  }
  return all;
}

}  // namespace matcher::pipeline
