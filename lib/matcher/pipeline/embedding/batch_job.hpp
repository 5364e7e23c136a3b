// From a listing to the vectors in a set: pictures are decoded ahead, gathered into batches, embedded, and written in
// the order of the listing.
#pragma once

#include <chrono>
#include <deque>
#include <future>
#include <mutex>
#include <vector>

#include "matcher/pipeline/embed.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/store/cache.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::pipeline {

/// The time in which at least one of several threads was at work.
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

/// A batch is cut by the place in the listing, so that what the cache has moves no other picture to another batch. As
/// many batches as the embedder has lanes are under way at once; what comes out does not depend on it.
class BatchJob {
 public:
  /// `cache` nullptr: none.
  BatchJob(const Context& context, const EmbedOptions& options, model::Embedder& embedder,
           store::EmbeddingWriter& writer, store::VectorCache* cache);

  void run(const std::vector<Work>& works);
  std::size_t reused() const { return reused_; }  ///< vectors that the cache had

 private:
  /// Consecutive pictures of the listing, and the failures among them.
  struct Batch {
    std::vector<model::Sample> samples;      ///< of those that the cache does not have
    std::vector<std::vector<float>> cached;  ///< an item's; empty where the network makes it
    std::vector<store::ItemRow> items;
    std::vector<store::FailureRow> failures;
    std::size_t consumed = 0;   ///< of the listing, up to the end of this
    std::future<Matrix> fresh;  ///< [samples, d]
  };

  std::size_t under_way() const;
  void take(Picture picture);
  void note_failure(const Picture& picture);
  void flush();
  Matrix embed(const std::vector<model::Sample>& samples);
  void write(Batch& batch);
  Matrix vectors(Batch& batch);

  const Context& context_;
  const EmbedOptions& options_;
  model::Embedder& embedder_;
  store::EmbeddingWriter& writer_;
  store::VectorCache* cache_;
  std::size_t reused_ = 0, failed_ = 0;
  BusyTime busy_;
  Batch next_;
  std::deque<Batch> pending_;
};

}  // namespace matcher::pipeline
