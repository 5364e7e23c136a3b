// Any FAISS index that is not flat, as a VectorIndex.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "matcher/index/vector_index.hpp"

namespace faiss {
struct Index;
}

namespace matcher::index {

/// Takes every FAISS index, and sets its search parameters.
std::unique_ptr<VectorIndex> wrap_approximate(std::unique_ptr<faiss::Index>& index, const std::string& type,
                                              std::span<const std::string> ids);

}  // namespace matcher::index
