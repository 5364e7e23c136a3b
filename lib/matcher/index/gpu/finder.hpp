// Finds candidates on a GPU.
#pragma once

#include <faiss/Index.h>

#include <memory>

#include "matcher/index/exact/finder.hpp"
#include "matcher/index/gpu/interface.hpp"

namespace matcher::index {

/// Compares every vector on the GPU, in fp32. `copy` holds `vectors`. Searches one batch at a time.
std::unique_ptr<Finder> flat_finder(MatrixView vectors, std::unique_ptr<faiss::Index> copy);

/// Searches the lists that the index itself would visit, in its `copy`. `ivf` must outlive the finder, and not change.
std::unique_ptr<Finder> list_finder(const faiss::IndexIVF& ivf, std::unique_ptr<GpuLists> copy);

}  // namespace matcher::index
