// What the plugin for GPUs offers to this layer: FAISS indexes in a GPU's memory, and lists of an IVF index there.
// It links the FAISS of this build, of which the program has another copy where that is an archive: objects cross the
// border as references to the same classes of the same headers, and each side calls its own code through them. Private
// to this layer.
#pragma once

#include <faiss/Index.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "matcher/core/matrix.hpp"

namespace faiss {
struct IndexIVF;
}  // namespace faiss

namespace matcher::index {

/// The lists to visit for each query, nearest first, [n, probes], and the scores of their centroids.
struct Probes {
  std::size_t count = 0;
  const std::int64_t* lists = nullptr;
  const float* scores = nullptr;
};

/// The lists of an IVF index in a GPU's memory.
class GpuLists {
 public:
  virtual ~GpuLists() = default;
  /// The best `count` rows of the probed lists for each query [n, d], and their scores: [n, count], row -1 where there
  /// are fewer. Throws what FAISS throws.
  virtual void search(MatrixView queries, const Probes& probes, std::size_t count, float* scores,
                      std::int64_t* rows) const = 0;
};

class GpuPlugin {
 public:
  virtual ~GpuPlugin() = default;
  /// Throws Error(resource) where GPU `device` is not there, or has not `bytes` of free memory.
  virtual void require(int device, std::uintmax_t bytes) const = 0;
  /// An empty index that compares every vector, in fp32. Throws what FAISS throws.
  virtual std::unique_ptr<faiss::Index> flat(int device, std::size_t d, faiss::MetricType metric) const = 0;
  /// A copy of a trained and filled index. Throws what FAISS throws where it has no such index on GPUs.
  virtual std::unique_ptr<GpuLists> lists(int device, const faiss::IndexIVF& index) const = 0;
};

// The one exported function, `const GpuPlugin* ()`, is named by the number of this header and the version of FAISS,
// because the classes of another version are not those that the program was compiled with.
#define MATCHER_JOIN(a, b, c, d) a##_##b##_##c##_##d
#define MATCHER_JOIN_VALUES(a, b, c, d) MATCHER_JOIN(a, b, c, d)
#define MATCHER_GPU_SYMBOL \
  MATCHER_JOIN_VALUES(matcher_faiss_gpu_plugin_1, FAISS_VERSION_MAJOR, FAISS_VERSION_MINOR, FAISS_VERSION_PATCH)
using GpuPluginFactory = const GpuPlugin* (*)();

}  // namespace matcher::index
