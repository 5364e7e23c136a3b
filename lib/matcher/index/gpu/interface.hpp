// Interface of the plugin for GPUs: FAISS indexes, and lists of IVF indexes, in the memory of a GPU.
// If FAISS is an archive, plugin and program each link a copy of it. Objects cross the border as references to classes
// of the same headers, and each side calls its own code through them.
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

/// The lists to visit for each query, nearest first, and the scores of their centroids, both [n, count].
struct Probes {
  std::size_t count = 0;
  const std::int64_t* lists = nullptr;
  const float* scores = nullptr;
};

/// The lists of an IVF index in a GPU's memory.
class GpuLists {
 public:
  virtual ~GpuLists() = default;
  /// Finds the best `count` rows of the probed lists for each query [n, d], and their scores, both [n, count]. Row -1
  /// if there are fewer. Throws what FAISS throws.
  virtual void search(MatrixView queries, const Probes& probes, std::size_t count, float* scores,
                      std::int64_t* rows) const = 0;
};

class GpuPlugin {
 public:
  virtual ~GpuPlugin() = default;
  /// Throws Error(resource) if GPU `device` is missing or has less than `bytes` of free memory.
  virtual void require(int device, std::uintmax_t bytes) const = 0;
  /// Creates an empty index that compares every vector, in fp32. Throws what FAISS throws.
  virtual std::unique_ptr<faiss::Index> flat(int device, std::size_t d, faiss::MetricType metric) const = 0;
  /// Copies a trained and filled index. Throws what FAISS throws if it has no such index on GPUs.
  virtual std::unique_ptr<GpuLists> lists(int device, const faiss::IndexIVF& index) const = 0;
};

// The plugin exports one function, `const GpuPlugin* ()`. Its name has a number, to be raised with this header, and the
// version of FAISS, because the classes of another version differ from those that the program was compiled with.
#define MATCHER_JOIN(a, b, c, d) a##_##b##_##c##_##d
#define MATCHER_JOIN_VALUES(a, b, c, d) MATCHER_JOIN(a, b, c, d)
#define MATCHER_GPU_SYMBOL \
  MATCHER_JOIN_VALUES(matcher_faiss_gpu_plugin_1, FAISS_VERSION_MAJOR, FAISS_VERSION_MINOR, FAISS_VERSION_PATCH)
using GpuPluginFactory = const GpuPlugin* (*)();

}  // namespace matcher::index
