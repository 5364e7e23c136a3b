#include "matcher/index/gpu/copy.hpp"

#include <faiss/IndexIVF.h>
#include <faiss/impl/FaissException.h>
#include <fmt/format.h>

#include "matcher/index/faiss/list_builder.hpp"
#include "matcher/index/file/reason.hpp"
#include "matcher/index/gpu/finder.hpp"
#include "matcher/index/gpu/opener.hpp"

namespace matcher::index {
namespace {

/// Bytes of the copy: codes, ids, and a tenth for the padding of lists.
std::uintmax_t bytes_of(const faiss::IndexIVF& ivf) {
  const auto rows = double(ivf.ntotal) * double(ivf.code_size + 8);
  return std::uintmax_t(1.1 * rows) + ivf.nlist * std::uintmax_t(ivf.d) * sizeof(float);
}

}  // namespace

GpuCopy copy_to_gpu(int device, MatrixView vectors) {
  const auto& gpu = open_gpu_plugin();
  gpu.require(device, vectors.rows * std::uintmax_t(vectors.cols) * sizeof(float));
  auto copy = gpu.flat(device, vectors.cols, faiss::METRIC_INNER_PRODUCT);
  copy->add(std::int64_t(vectors.rows), vectors.data);
  return {flat_finder(vectors, std::move(copy)), ""};
}

GpuCopy copy_to_gpu(int device, const faiss::Index& index, const std::string& type) {
  const auto& gpu = open_gpu_plugin();
  gpu.require(device, 0);
  const auto* ivf = as_lists(index);
  if (!ivf) return {nullptr, fmt::format("FAISS does not search an index of type \"{}\" on GPUs", type)};
  gpu.require(device, bytes_of(*ivf));
  try {
    return {list_finder(*ivf, gpu.lists(device, *ivf)), ""};
  } catch (const faiss::FaissException& error) {
    return {nullptr, fmt::format("FAISS does not search an index of type \"{}\" on GPUs ({})", type, reason_of(error))};
  }
}

}  // namespace matcher::index
