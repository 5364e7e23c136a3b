// Indexes on GPUs, by the plugin. Internal to the layer.
#pragma once

#include <faiss/Index.h>

#include <memory>
#include <optional>
#include <string>

#include "matcher/index/gpu/finder.hpp"

namespace matcher::index {

/// The index as one that FAISS has on GPUs: lists of whole vectors, of PQ or of SQ codes, whose centroids are compared
/// one by one; nullptr otherwise.
faiss::IndexIVF* as_lists(faiss::Index& index);
const faiss::IndexIVF* as_lists(const faiss::Index& index);

struct OnGpu {
  std::unique_ptr<Finder> finder{};
  std::string why_not{};  ///< empty where there is a finder
};

/// Copies vectors, or an index, to the GPU. Both must outlive the finder. Throw Error(resource) where GPU `device` is
/// not there, or lacks memory.
OnGpu copied_to_gpu(int device, MatrixView vectors);
OnGpu copied_to_gpu(int device, const faiss::Index& index, const std::string& type);

/// While it lives, `ivf` is trained on the GPU, and add() asks it for the list of each vector; the codes and the lists
/// are the index's own. Throws as copied_to_gpu().
class GpuBuild {
 public:
  GpuBuild(int device, faiss::IndexIVF& ivf);
  ~GpuBuild();
  GpuBuild(const GpuBuild&) = delete;
  GpuBuild& operator=(const GpuBuild&) = delete;

  /// To the trained index.
  void add(MatrixView vectors);

 private:
  faiss::IndexIVF& ivf_;
  std::unique_ptr<faiss::Index> lists_, parts_;
  bool filled_ = false;  ///< lists_ holds the centroids
};

}  // namespace matcher::index
