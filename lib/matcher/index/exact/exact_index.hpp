// Exact search: compares every vector, which are borrowed or those of a flat FAISS index.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "matcher/index/vector_index.hpp"

namespace faiss {
struct Index;
}

namespace matcher::index {

/// Returns exact search over borrowed vectors, which must outlive it.
std::unique_ptr<VectorIndex> make_exact(MatrixView vectors, std::span<const std::string> ids);

/// Takes a flat FAISS index. Returns nullptr for any other, and leaves `index` as it is.
std::unique_ptr<VectorIndex> wrap_flat(std::unique_ptr<faiss::Index>& index, const std::string& type,
                                       std::span<const std::string> ids);

}  // namespace matcher::index
