// Searchable structures over unit vectors. FAISS lives behind this interface.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "matcher/index/vector_source.hpp"

namespace matcher::index {

struct Hit {
  std::uint32_t row = 0;  ///< the row of the embedding set the index was built over
  float score = 0;        ///< cosine, -1 to 1
};

class VectorIndex {
 public:
  virtual ~VectorIndex() = default;
  virtual std::size_t size() const = 0;
  virtual std::size_t dimension() const = 0;
  virtual std::string type() const = 0;  ///< the FAISS factory string
  virtual bool exact() const = 0;
  /// The best `k` rows for each row of `queries` [n, d] of unit vectors, best first; equal scores by `order` (the rank
  /// of the row's item id), so that answers do not depend on threads or batches. Fewer than k when there are fewer, or
  /// when an approximate index finds no more. Scores of exact and of reconstructing indexes are recomputed in double.
  virtual std::vector<std::vector<Hit>> search(MatrixView queries, std::size_t k) const = 0;
  virtual void save(const std::filesystem::path& file) const = 0;
  /// Copies the index to GPU `device`, which from now on finds what search() answers: the same, to the bit. What it
  /// cannot prove, and more than some 2000 answers, are found on the CPU. Says why the search stays there, and nothing
  /// where it does not. Throws Error(resource) where the GPU is not there, or lacks memory.
  virtual std::string search_on_gpu(int device);
  /// Keeps the vectors as they were added, not codes of them.
  virtual bool lossless() const { return exact(); }
  /// What the index keeps of its vectors, [n, d]: its codes, decoded. Nothing where it cannot tell.
  virtual std::optional<Matrix> decoded() const { return std::nullopt; }
};

struct BuildOptions {
  std::string type = "auto";  ///< auto (flat), flat, hnsw, ivf-flat, ivf-pq or a FAISS factory string
  std::uint64_t seed = 1;
  std::optional<int> gpu{};  ///< lists are learnt and chosen on this GPU; why_not_built_on_gpu() must be empty
};

/// Why nothing is searched or built on GPUs by this build; empty where it can be.
std::string why_no_gpu();

/// Throws Error(resource) where GPU `device` is not there, or nothing could be done on it.
void require_gpu(int device);

/// Why an index of this factory string, of vectors of dimension d, is not built on a GPU; empty where it is. Throws as
/// factory_string().
std::string why_not_built_on_gpu(const std::string& description, std::size_t d);

/// The FAISS factory string for `type`, sized to n vectors of dimension d: lists about 4 * sqrt(n), sub-quantisers that
/// divide d (docs/reference/index-types.md). Throws Error(usage) for a type FAISS refuses, naming the allowed, and for
/// fewer vectors than it needs to train, with both numbers.
std::string factory_string(const std::string& type, std::size_t n, std::size_t d);

/// Builds over unit vectors [n, d]. `ids` are the item ids, n of them, for the order of equal scores. The same input
/// gives the same index with any number of threads. Throws Error(input) when n is 0 or a value is not finite, with the
/// id; Error(mismatch) for another number of ids; Error(usage) as factory_string().
std::unique_ptr<VectorIndex> build(MatrixView unit_vectors, std::span<const std::string> ids,
                                   const BuildOptions& options);

/// The same over vectors of which only a sample to train on, and then a block at a time, need be in memory.
std::unique_ptr<VectorIndex> build(const VectorSource& unit_vectors, std::span<const std::string> ids,
                                   const BuildOptions& options);

/// Throws Error(input) when the file is not there or damaged, Error(mismatch) when it holds another number of vectors
/// than there are ids or ranks by another metric, Error(resource) when memory does not suffice.
std::unique_ptr<VectorIndex> load(const std::filesystem::path& file, std::span<const std::string> ids);

/// Exact search over vectors that stay where they are, without a copy, and must outlive it; for eval without an index.
/// Throws as build().
std::unique_ptr<VectorIndex> exact_search(MatrixView unit_vectors, std::span<const std::string> ids);

}  // namespace matcher::index
