// FAISS indexes from factory strings. Internal to the layer: other layers see vector_index.hpp only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "matcher/index/vector_source.hpp"

namespace faiss {
struct Index;
struct IndexIVF;
}  // namespace faiss

namespace matcher::index {

/// An empty index of the factory string `description` that ranks by inner product. Throws Error(usage) where FAISS
/// refuses.
std::unique_ptr<faiss::Index> make_empty(const std::string& description, std::size_t d);

/// Trains on `sample` of the vectors and adds them all in blocks, on one thread, so that the same vectors give the same
/// bytes. `check` sees each block before it is added. With a `gpu`, lists are learnt and chosen there. Throws what
/// FAISS and `check` throw, and as GpuBuild.
void fill(faiss::Index& index, const VectorSource& vectors, std::size_t sample, std::uint64_t seed,
          std::optional<int> gpu, const std::function<void(std::size_t, MatrixView)>& check);

/// Of one core, of the kind that building does; tried for some milliseconds.
double multiplications_a_second();

/// Search parameters for a recall@10 of 0.95 and better on clustered vectors (docs/reference/index-types.md).
void tune(faiss::Index& index);
std::size_t default_probes(std::size_t lists);
/// Lists to visit for the `k` best: at least as many as hold 2 k vectors on average.
std::size_t probes_of(const faiss::IndexIVF& ivf, std::size_t k);
constexpr std::size_t default_breadth = 64;  ///< HNSW's efSearch

/// What FAISS says, without its function, file and line.
std::string reason_of(const std::exception& error);

}  // namespace matcher::index
