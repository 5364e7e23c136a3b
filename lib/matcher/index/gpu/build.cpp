#include "matcher/index/gpu/build.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFPQ.h>

#include <cstdint>
#include <vector>

#include "matcher/index/gpu/copy.hpp"
#include "matcher/index/gpu/opener.hpp"

namespace matcher::index {
namespace {

class GpuBuild : public ListBuilder {
 public:
  GpuBuild(int device, faiss::IndexIVF& ivf) : ivf_(ivf) {
    const auto& gpu = open_gpu_plugin();
    gpu.require(device, ivf.nlist * std::uintmax_t(ivf.d) * sizeof(float));
    lists_ = gpu.flat(device, std::size_t(ivf.d), faiss::METRIC_INNER_PRODUCT);
    ivf.clustering_index = lists_.get();
    if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(&ivf)) {
      parts_ = gpu.flat(device, pq->pq.dsub, faiss::METRIC_L2);
      pq->pq.assign_index = parts_.get();
    }
  }

  ~GpuBuild() override {
    ivf_.clustering_index = nullptr;
    if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(&ivf_)) pq->pq.assign_index = nullptr;
  }

  GpuBuild(const GpuBuild&) = delete;
  GpuBuild& operator=(const GpuBuild&) = delete;

  void add(MatrixView vectors) override {
    if (!filled_) {
      lists_->reset();
      lists_->add(ivf_.quantizer->ntotal, dynamic_cast<const faiss::IndexFlat&>(*ivf_.quantizer).get_xb());
      filled_ = true;
    }
    std::vector<std::int64_t> lists(vectors.rows);
    lists_->assign(std::int64_t(vectors.rows), vectors.data, lists.data());
    ivf_.add_core(std::int64_t(vectors.rows), vectors.data, nullptr, lists.data());
  }

 private:
  faiss::IndexIVF& ivf_;
  std::unique_ptr<faiss::Index> lists_, parts_;
  bool filled_ = false;  ///< lists_ holds the centroids
};

}  // namespace

std::unique_ptr<ListBuilder> build_lists_on_gpu(int device, faiss::Index& index) {
  open_gpu_plugin().require(device, 0);
  auto* ivf = as_lists(index);
  return ivf ? std::make_unique<GpuBuild>(device, *ivf) : nullptr;
}

}  // namespace matcher::index
