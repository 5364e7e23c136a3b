// Vector search: builds, loads and searches indexes over unit vectors.
// A new named type is one line in the table of faiss/factory_string.cpp. A new class of index is one file with a
// `wrap_` function, and one line in the table of vector_index.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "matcher/index/row_filter.hpp"
#include "matcher/index/vector_source.hpp"

namespace matcher::index {

/// One answer to a query.
struct Hit {
  std::uint32_t row = 0;  ///< a row of the vectors that the index was built over
  float score = 0;        ///< cosine, -1 to 1
};

class VectorIndex {
 public:
  virtual ~VectorIndex() = default;
  virtual std::size_t size() const = 0;
  virtual std::size_t dimension() const = 0;
  virtual std::string type() const = 0;  ///< the FAISS factory string
  virtual bool exact() const = 0;
  /// Returns the best `k` rows for each row of `queries` [n, d] of unit vectors, best first. Equal scores are ordered
  /// by item id, so that answers do not depend on threads or batches. Returns fewer than `k` hits if the index is
  /// smaller, or if an approximate index finds no more.
  virtual std::vector<std::vector<Hit>> search(MatrixView queries, std::size_t k) const = 0;
  /// As search(), but without the rows, rising, that `left_out` names for each query.
  virtual std::vector<std::vector<Hit>> search_without(std::span<const std::vector<std::uint32_t>> left_out,
                                                       MatrixView queries, std::size_t k) const;
  /// Lets later searches answer only the rows of the filter: fewer than `k` hits if it has fewer. size() stays. The
  /// search leaves a GPU. Not for use during a search. Throws Error(usage) if this type of index cannot.
  virtual void search_only(const RowFilter& filter);
  /// Writes the index to a file, and returns the hash of the file. Throws Error(resource) if the file cannot be
  /// written.
  virtual std::string save(const std::filesystem::path& file) const = 0;
  /// Saves the memory of a rounded copy, which makes exact search faster. Other indexes have none.
  virtual void search_without_copy() {}
  /// Settings that set_effort() takes, rising from the default; empty if the index has no such setting.
  virtual std::vector<std::size_t> efforts() const { return {}; }
  /// Sets the breadth of later searches: ef of HNSW, lists to visit (nprobe) of IVF. Not for use during a search.
  virtual void set_effort(std::size_t) {}
  virtual std::string effort_name() const { return {}; }
  /// True if the index keeps its vectors as they were added, not as codes.
  virtual bool lossless() const { return exact(); }
  /// Decodes all vectors of the index, [n, d]. Returns nothing if this type cannot.
  virtual std::optional<Matrix> decode() const { return std::nullopt; }
};

struct BuildOptions {
  std::string type = "auto";  ///< a named type (named_types()) or a FAISS factory string
  std::uint64_t seed = 1;
  std::optional<int> gpu{};  ///< the GPU that learns and chooses lists; needs an empty why_not_built_on_gpu()
};

/// "auto, flat, hnsw, …": the names that BuildOptions::type takes beside FAISS factory strings. `auto` is flat.
std::string named_types();

/// Builds an index over unit vectors [n, d] with `n` item ids, which order equal scores. The same input gives the same
/// index with any number of threads. Throws Error(input) if n is 0 or a value is not finite, Error(mismatch) if the
/// numbers of vectors and ids differ, Error(usage) if FAISS refuses the type or there are too few vectors to train it.
std::unique_ptr<VectorIndex> build(MatrixView unit_vectors, std::span<const std::string> ids,
                                   const BuildOptions& options);

/// Builds from vectors that need not fit into memory: reads a sample to train on, then one block at a time.
std::unique_ptr<VectorIndex> build(const VectorSource& unit_vectors, std::span<const std::string> ids,
                                   const BuildOptions& options);

/// Reads an index file. Throws Error(input) if the file is missing or damaged, Error(mismatch) if the numbers of
/// vectors and ids differ, if the index ranks by another metric, or if the hash of the file is not `wanted_hash`,
/// unless that is empty; Error(resource) if memory does not suffice.
std::unique_ptr<VectorIndex> load(const std::filesystem::path& file, std::span<const std::string> ids,
                                  const std::string& wanted_hash = {});

/// Returns exact search over borrowed vectors, which must outlive it; nothing is copied. Throws as build().
std::unique_ptr<VectorIndex> exact_search(MatrixView unit_vectors, std::span<const std::string> ids);

}  // namespace matcher::index
