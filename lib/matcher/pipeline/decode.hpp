// Threads that read, hash, decode and prepare pictures ahead of the network, in order and within a bound.
#pragma once

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "matcher/core/ordered_channel.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/model/embedder.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::pipeline {

struct Work {
  const dataset::Item* item = nullptr;
  const char* role = "";
};

/// A prepared picture, or why there is none.
struct Picture {
  store::ItemRow item;
  model::Sample sample;
  std::string reason;  ///< empty when the picture is good
};

Picture prepare(const Work& work, const model::Embedder& embedder);

class Decoder {
 public:
  Decoder(const std::vector<Work>& works, std::size_t first, const model::Embedder& embedder, int threads, std::size_t window);
  ~Decoder();
  std::optional<Picture> next() { return channel_.take(); }

 private:
  void work(const std::vector<Work>& works, const model::Embedder& embedder);
  OrderedChannel<Picture> channel_;
  std::vector<std::jthread> threads_;
};

}  // namespace matcher::pipeline
