#include "matcher/pipeline/embedding/batch_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/stopped.hpp"

namespace matcher::pipeline {
namespace {

double seconds(BusyTime::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

store::FailureRow failure_of(const store::ItemRow& item, const std::string& reason) {
  return {item.id, item.path, item.role, reason};
}

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

BatchJob::BatchJob(Observer& observer, const ExecutionOptions& execution, model::Embedder& embedder,
                   store::EmbeddingWriter& writer, store::VectorCache* cache)
    : observer_(observer),
      execution_(execution),
      embedder_(embedder),
      writer_(writer),
      cache_(cache),
      written_(writer.consumed()),
      failed_(writer.failures()),
      queue_(embedder, std::size_t(execution.batch_size)) {
  // The journal must not have an item whose vector the cache could still lose.
  if (cache) writer.before_checkpoint([cache] { cache->sync(); });
}

void BatchJob::run(const std::vector<Work>& works, const std::string& stage) {
  observer_.begin(stage, works.size(), written_);
  const auto start = BusyTime::Clock::now();
  const auto window = std::size_t(execution_.batch_size) * (3 + queue_.ahead());
  Decoder decoder(embedder_, cache_, thread_count(execution_.threads), window);
  for (auto next = written_; next < works.size() || decoder.waiting() > 0;) {
    for (; next < works.size() && decoder.has_room(); ++next) decoder.add(works[next]);
    take(decoder.next());
  }
  queue_.flush();
  while (auto batch = queue_.next(BatchQueue::Take::all)) write(std::move(*batch));
  if (cache_) cache_->sync();
  keep_if_stopped([&] { observer_.end(); });
  all_ = BusyTime::Clock::now() - start;
  observer_.log(LogLevel::debug, fmt::format("the network was busy {:.1f} % of {:.2f} s",
                                             100 * seconds(queue_.busy()) / seconds(all_), seconds(all_)));
}

std::string BatchJob::describe_slow_decoding() const {
  return pipeline::describe_slow_decoding({seconds(all_), seconds(queue_.busy()), decoded_, slow_});
}

void BatchJob::take(Prepared prepared) {
  clipped_ += prepared.clipped ? 1 : 0;
  lost_alpha_ += prepared.lost_alpha ? 1 : 0;
  decoded_ += prepared.sample.is_text() ? 0 : 1;
  slow_ += prepared.can_be_faster ? 1 : 0;
  const auto item = prepared.item;
  const auto reason = prepared.reason;
  queue_.add(std::move(prepared));
  if (!reason.empty()) count_failure(item, reason);
  while (auto batch = queue_.next()) write(std::move(*batch));
}

void BatchJob::count_failure(const store::ItemRow& item, const std::string& reason) {
  observer_.log(LogLevel::debug, fmt::format("{}: {}", item.path, reason));
  if (!execution_.max_failures || ++failed_ <= *execution_.max_failures) return;
  queue_.for_each_waiting([this](const Prepared& waiting) {
    if (!waiting.reason.empty()) writing_.push_back(failure_of(waiting.item, waiting.reason));
  });
  writer_.show_failures(writing_);
  throw Error(ErrorCode::input,
              fmt::format("{} images cannot be used, more than --max-failures {} allows; the last: {}: {}", failed_,
                          *execution_.max_failures, item.path, reason));
}

/// A model that returns NaN for every image is wrong, and need not embed them all.
void BatchJob::note_broken(const store::ItemRow& item) {
  constexpr std::size_t enough = 64;
  const auto reason = describe_broken_vector(embedder_);
  if (++broken_ == enough && usable_ == 0) {
    throw Error(ErrorCode::mismatch, fmt::format("none of the first {} vectors can be used; the last: {}: {}", enough,
                                                 item.path.empty() ? item.id : item.path, reason));
  }
  writing_.push_back(failure_of(item, reason));
  count_failure(item, reason);
}

void BatchJob::write(std::vector<Prepared> batch) {
  writing_.clear();
  for (const auto& each : batch) {
    if (!each.reason.empty()) writing_.push_back(failure_of(each.item, each.reason));
  }
  std::vector<store::ItemRow> items;
  const auto vectors = collect_vectors(batch, items);
  written_ += batch.size();
  writer_.append(vectors.view(), items, writing_, written_);
  writing_.clear();
  keep_if_stopped([&] { observer_.advance(batch.size()); });
}

void BatchJob::keep_if_stopped(const std::function<void()>& report) {
  try {
    report();
  } catch (const Stopped&) {
    writer_.checkpoint();
    throw;
  }
}

/// Joins the vectors of the usable items, in order, and adds these to `items`. Items whose vector has NaN or infinity
/// become failures.
Matrix BatchJob::collect_vectors(const std::vector<Prepared>& batch, std::vector<store::ItemRow>& items) {
  Matrix all(0, embedder_.dimension());
  for (const auto& each : batch) {
    if (!each.reason.empty()) continue;
    if (!is_finite(each.vector)) {
      note_broken(each.item);
      continue;
    }
    if (!each.from_cache && cache_) cache_->put(cache_key(each.item), each.vector);
    reused_ += each.from_cache ? 1 : 0;
    ++usable_;
    all.data.insert(all.data.end(), each.vector.begin(), each.vector.end());
    ++all.rows;
    items.push_back(each.item);
  }
  return all;
}

}  // namespace matcher::pipeline
