// Searches and builds indexes on GPUs. Answers are the same as on the CPU, to the bit.
#pragma once

#include <cstddef>
#include <string>

namespace matcher::index {

class VectorIndex;

/// Copies the index to GPU `device`, which finds candidates from now on. The CPU still answers what the GPU cannot
/// prove, and queries for more than about 2,000 answers. Returns why the search stays on the CPU, or nothing. Throws
/// Error(resource) if the GPU is missing or lacks memory.
std::string search_on_gpu(VectorIndex& index, int device);

/// Why this build neither searches nor builds on GPUs; empty if it does.
std::string why_no_gpu();

/// Throws Error(resource) if GPU `device` is missing or this build does not use GPUs.
void require_gpu(int device);

/// Why an index of this factory string, over vectors of dimension d, is not built on a GPU; empty if it is. Throws
/// Error(usage) if FAISS refuses the string.
std::string why_not_built_on_gpu(const std::string& description, std::size_t d);

}  // namespace matcher::index
