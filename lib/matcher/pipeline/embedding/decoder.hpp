// Threads that read, hash, decode and prepare pictures ahead of the network, in order and within a bound.
#pragma once

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "matcher/core/ordered_channel.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/model/embedder.hpp"
#include "matcher/store/cache.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::pipeline {

struct Work {
  const dataset::Item* item = nullptr;
  Role role = Role::gallery;
};

/// A prepared picture, or why there is none.
struct Picture {
  store::ItemRow item;
  model::Sample sample;
  std::string reason;         ///< empty when the picture is good
  std::vector<float> vector;  ///< where the cache has it; then there is no sample
};

Picture prepare(const Work& work, const model::Embedder& embedder, const store::VectorCache* cache = nullptr);

/// What a vector is kept under in the cache: the hash of the picture's bytes, or of the text as a text.
std::string cache_key(const store::ItemRow& item);

class Decoder {
 public:
  Decoder(const std::vector<Work>& works, std::size_t first, const model::Embedder& embedder,
          const store::VectorCache* cache, int threads, std::size_t window);
  ~Decoder();
  std::optional<Picture> next() { return channel_.take(); }

 private:
  void work(const std::vector<Work>& works, const model::Embedder& embedder, const store::VectorCache* cache);
  OrderedChannel<Picture> channel_;
  std::vector<std::jthread> threads_;
};

}  // namespace matcher::pipeline
