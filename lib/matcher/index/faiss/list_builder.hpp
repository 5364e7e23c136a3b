// Learns the lists of IVF indexes and chooses the list of each vector.
#pragma once

#include <memory>

#include "matcher/index/faiss/build.hpp"

namespace faiss {
struct Index;
struct IndexIVF;
}  // namespace faiss

namespace matcher::index {

/// Returns the index as lists of whole vectors, of PQ or of SQ codes, whose centroids are compared one by one; nullptr
/// for any other index.
faiss::IndexIVF* as_lists(faiss::Index& index);
const faiss::IndexIVF* as_lists(const faiss::Index& index);

/// Trains `index` with `lists`, an empty flat index, while the result lives, and learns the code words of PQ with
/// `parts` if that is not nullptr. The result's add() searches `lists` for the list of each vector.
std::unique_ptr<ListBuilder> build_lists_with(faiss::IndexIVF& index, std::unique_ptr<faiss::Index> lists,
                                              std::unique_ptr<faiss::Index> parts = nullptr);

/// Builds with exact search on all threads that this thread may use now: the lists are the same with any number.
/// Returns nullptr if as_lists() does.
std::unique_ptr<ListBuilder> build_lists_exactly(faiss::Index& index);

}  // namespace matcher::index
