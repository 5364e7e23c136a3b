#include "matcher/index/gpu/build.hpp"

#include <faiss/IndexIVFPQ.h>

#include "matcher/index/faiss/list_builder.hpp"
#include "matcher/index/gpu/opener.hpp"

namespace matcher::index {

std::unique_ptr<ListBuilder> build_lists_on_gpu(int device, faiss::Index& index) {
  const auto& gpu = open_gpu_plugin();
  gpu.require(device, 0);
  auto* ivf = as_lists(index);
  if (!ivf) return nullptr;
  gpu.require(device, ivf->nlist * std::uintmax_t(ivf->d) * sizeof(float));
  auto lists = gpu.flat(device, std::size_t(ivf->d), faiss::METRIC_INNER_PRODUCT);
  const auto* pq = dynamic_cast<const faiss::IndexIVFPQ*>(ivf);
  return build_lists_with(*ivf, std::move(lists), pq ? gpu.flat(device, pq->pq.dsub, faiss::METRIC_L2) : nullptr);
}

}  // namespace matcher::index
