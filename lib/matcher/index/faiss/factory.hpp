// Creates empty FAISS indexes from factory strings.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace faiss {
struct Index;
}

namespace matcher::index {

/// Creates an empty index of the factory string `description` that ranks by inner product. Throws Error(usage) if FAISS
/// refuses it.
std::unique_ptr<faiss::Index> make_empty(const std::string& description, std::size_t d);

}  // namespace matcher::index
