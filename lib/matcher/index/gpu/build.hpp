// Learns and chooses the lists of an index on a GPU.
#pragma once

#include <memory>

#include "matcher/index/faiss/build.hpp"

namespace matcher::index {

/// Trains `index` on the GPU while the result lives; its add() asks the GPU for the list of each vector. Codes and
/// lists stay in the index, on the CPU. Returns nullptr if the index has no lists (as_lists()). Throws Error(resource)
/// if GPU `device` is missing or lacks memory, or this build does not use GPUs.
std::unique_ptr<ListBuilder> build_lists_on_gpu(int device, faiss::Index& index);

}  // namespace matcher::index
