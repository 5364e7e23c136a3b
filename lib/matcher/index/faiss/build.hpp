// Trains and fills FAISS indexes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "matcher/index/vector_source.hpp"

namespace faiss {
struct Index;
}

namespace matcher::index {

/// Chooses the list of each vector somewhere else than FAISS does, for example on a GPU.
class ListBuilder {
 public:
  virtual ~ListBuilder() = default;
  /// Adds vectors to the trained index.
  virtual void add(MatrixView vectors) = 0;
};

struct Training {
  std::size_t sample = 0;  ///< vectors to train on
  std::uint64_t seed = 1;
  ListBuilder* lists = nullptr;  ///< borrowed; adds the vectors in place of the index
};

/// Trains an empty index on a sample of the vectors and adds them all in blocks, on one thread, so that the same
/// vectors give the same bytes. `check(first row, block)` gets each block before it is used. Throws what FAISS and
/// `check` throw.
void fill(faiss::Index& index, const VectorSource& vectors, const Training& training,
          const std::function<void(std::size_t, MatrixView)>& check);

}  // namespace matcher::index
