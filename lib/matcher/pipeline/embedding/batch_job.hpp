// Embeds a listing into a set: decodes ahead, gathers batches, embeds them, and writes them in order.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/embedding/batch_queue.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/store/cache.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::pipeline {

/// The images that a job decoded, and the share of its time that the network worked.
struct DecodeLoad {
  double seconds = 0, network_seconds = 0;
  std::size_t images = 0, reducible = 0;  ///< those decoded; those that a fast decode would make smaller
};

/// Says that decoding kept the network waiting, by which share, and which option helps. "" if the wait was short, or if
/// the option would change less than half of the images.
std::string describe_slow_decoding(const DecodeLoad& load);

/// Embeds works and appends them to a writer. The place in the listing decides an item's batch, so what the cache holds
/// moves no other item. As many batches run at once as the embedder has lanes; the vectors do not depend on that.
class BatchJob {
 public:
  /// Borrows all but `execution`. `cache` nullptr: none.
  BatchJob(Observer& observer, const ExecutionOptions& execution, model::Embedder& embedder,
           store::EmbeddingWriter& writer, store::VectorCache* cache);

  /// Embeds the works that the writer does not have yet, and reports them as `stage`. Throws Error(input) after more
  /// than max_failures unusable items, Stopped after writing what is done, and what the network throws.
  void run(const std::vector<Work>& works, const std::string& stage);

  std::size_t reused() const { return reused_; }          ///< vectors from the cache
  std::size_t lost_alpha() const { return lost_alpha_; }  ///< images of this run whose alpha the model ignores
  std::size_t clipped() const { return clipped_; }        ///< boxes of this run that reach beyond their images
  std::string describe_slow_decoding() const;             ///< for this run

 private:
  void take(Prepared prepared);
  void count_failure(const store::ItemRow& item, const std::string& reason);
  void note_broken(const store::ItemRow& item);
  void write(std::vector<Prepared> batch);
  void keep_if_stopped(const std::function<void()>& report);
  Matrix collect_vectors(const std::vector<Prepared>& batch, std::vector<store::ItemRow>& items);

  Observer& observer_;
  ExecutionOptions execution_;
  model::Embedder& embedder_;
  store::EmbeddingWriter& writer_;
  store::VectorCache* cache_;
  std::size_t written_;  ///< works that the writer has, failures included
  std::size_t reused_ = 0, failed_ = 0, lost_alpha_ = 0, clipped_ = 0;
  std::size_t usable_ = 0, broken_ = 0;     ///< vectors without and with NaN or infinity
  std::size_t decoded_ = 0, slow_ = 0;      ///< images of this run; those that a fast decode would make smaller
  BusyTime::Clock::duration all_{};         ///< duration of run()
  std::vector<store::FailureRow> writing_;  ///< failures of the batch that is being written
  BatchQueue queue_;
};

}  // namespace matcher::pipeline
