// Copies vectors and indexes to GPUs.
#pragma once

#include <memory>
#include <string>

#include "matcher/index/exact/finder.hpp"

namespace faiss {
struct Index;
}

namespace matcher::index {

struct GpuCopy {
  std::unique_ptr<Finder> finder{};
  std::string why_not{};  ///< why there is no finder; empty if there is one
};

/// Copies vectors, or an index, which must outlive the finder. Throws Error(resource) if GPU `device` is missing or
/// lacks memory, or this build does not use GPUs.
GpuCopy copy_to_gpu(int device, MatrixView vectors);
GpuCopy copy_to_gpu(int device, const faiss::Index& index, const std::string& type);

}  // namespace matcher::index
