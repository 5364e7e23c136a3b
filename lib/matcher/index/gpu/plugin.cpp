#include "matcher/index/gpu/interface.hpp"

#include <cuda_runtime_api.h>
#include <faiss/IndexIVF.h>
#include <faiss/gpu/GpuCloner.h>
#include <faiss/gpu/GpuIndexFlat.h>
#include <faiss/gpu/GpuIndexIVF.h>
#include <faiss/gpu/StandardGpuResources.h>
#include <faiss/impl/FaissAssert.h>
#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/device.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t scratch_bytes = std::size_t{512} << 20;  ///< bytes that FAISS keeps for its sums

[[noreturn]] void fail_absent(int device, const std::string& why) {
  throw Error(ErrorCode::resource, fmt::format("device {} is not available: {}; use --device cpu",
                                               to_string(Device{Device::Kind::cuda, device, {}}), why));
}

void check_present(int device) {
  int count = 0;
  if (const auto error = cudaGetDeviceCount(&count); error != cudaSuccess)
    fail_absent(device, cudaGetErrorString(error));
  if (device >= count) fail_absent(device, fmt::format("CUDA sees {} GPU{}", count, count == 1 ? "" : "s"));
}

std::uintmax_t free_bytes(int device) {
  std::size_t free = 0, total = 0;
  auto error = cudaSetDevice(device);
  if (error == cudaSuccess) error = cudaMemGetInfo(&free, &total);
  if (error != cudaSuccess) fail_absent(device, cudaGetErrorString(error));
  return free;
}

/// FAISS keeps the resources alive while an index uses them.
std::shared_ptr<faiss::gpu::GpuResources> resources() {
  faiss::gpu::StandardGpuResources provider;
  provider.setTempMemory(scratch_bytes);
  return provider.getResources();
}

class Lists : public GpuLists {
 public:
  Lists(int device, const faiss::IndexIVF& index) {
    faiss::gpu::GpuResourcesProviderFromInstance provider(resources());
    std::unique_ptr<faiss::Index> clone(faiss::gpu::index_cpu_to_gpu(&provider, device, &index));
    index_ = dynamic_cast<faiss::gpu::GpuIndexIVF*>(clone.get());
    FAISS_THROW_IF_NOT_MSG(index_, "no GPU index of this kind");
    owner_ = std::move(clone);
  }

  void search(MatrixView queries, const Probes& probes, std::size_t count, float* scores,
              std::int64_t* rows) const override {
    faiss::SearchParametersIVF parameters;
    parameters.nprobe = probes.count;
    // Search in blocks: FAISS gathers the centroid of every probe of every query.
    constexpr std::size_t block_floats = std::size_t{1} << 25;
    const auto step = std::max<std::size_t>(1, block_floats / (probes.count * queries.cols));
    for (std::size_t first = 0; first < queries.rows; first += step) {
      const auto block = queries.slice(first, std::min(step, queries.rows - first));
      index_->search_preassigned(std::int64_t(block.rows), block.data, std::int64_t(count),
                                 probes.lists + first * probes.count, probes.scores + first * probes.count,
                                 scores + first * count, rows + first * count, false, &parameters);
    }
  }

 private:
  std::unique_ptr<faiss::Index> owner_;
  const faiss::gpu::GpuIndexIVF* index_ = nullptr;  ///< *owner_
};

class Plugin : public GpuPlugin {
 public:
  void require(int device, std::uintmax_t bytes) const override {
    check_present(device);
    const auto free = free_bytes(device), wanted = bytes + scratch_bytes;
    if (wanted <= free) return;
    throw Error(ErrorCode::resource,
                fmt::format("the index needs {} of memory, but device {} has {} free; use --device cpu, or an index of "
                            "another --type",
                            human_bytes(wanted), to_string(Device{Device::Kind::cuda, device, {}}), human_bytes(free)));
  }

  std::unique_ptr<faiss::Index> flat(int device, std::size_t d, faiss::MetricType metric) const override {
    faiss::gpu::GpuIndexFlatConfig config;
    config.device = device;
    return std::make_unique<faiss::gpu::GpuIndexFlat>(resources(), int(d), metric, config);
  }

  std::unique_ptr<GpuLists> lists(int device, const faiss::IndexIVF& index) const override {
    return std::make_unique<Lists>(device, index);
  }
};

}  // namespace
}  // namespace matcher::index

extern "C" __attribute__((visibility("default"))) const matcher::index::GpuPlugin* MATCHER_GPU_SYMBOL() {
  static const matcher::index::Plugin plugin;
  return &plugin;
}
