// FAISS indexes from factory strings. Internal to the layer: other layers see vector_index.hpp only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "matcher/core/matrix.hpp"

namespace faiss {
struct Index;
}

namespace matcher::index {

/// An empty index of the factory string `description` that ranks by inner product. Throws Error(usage) where FAISS
/// refuses.
std::unique_ptr<faiss::Index> make_empty(const std::string& description, std::size_t d);

/// Trains on `vectors` [n, d] and adds them, on one thread, so that the same vectors give the same bytes. Throws what
/// FAISS throws.
void fill(faiss::Index& index, MatrixView vectors, std::uint64_t seed);

/// Search parameters for a recall@10 of 0.95 and better on clustered vectors; docs/indexes.md says how they were found.
void tune(faiss::Index& index);
std::size_t default_probes(std::size_t lists);
constexpr std::size_t default_breadth = 64;  ///< HNSW's efSearch

/// What FAISS says, without its function, file and line.
std::string reason_of(const std::exception& error);

}  // namespace matcher::index
