// Candidates from a GPU. Internal to the layer.
#pragma once

#include <faiss/Index.h>

#include <memory>

#include "matcher/index/candidate_index.hpp"
#include "matcher/index/gpu/interface.hpp"

namespace matcher::index {

/// Of the longest row.
double largest_length(MatrixView vectors);

/// Every vector is compared by `copy`, in fp32; `vectors` are those it holds. Searches one batch at a time.
std::unique_ptr<Finder> flat_finder(MatrixView vectors, std::unique_ptr<faiss::Index> copy);

/// The lists that the index itself would visit are searched by `copy`. `ivf` must outlive the finder, and not change.
std::unique_ptr<Finder> list_finder(const faiss::IndexIVF& ivf, std::unique_ptr<GpuLists> copy);

}  // namespace matcher::index
