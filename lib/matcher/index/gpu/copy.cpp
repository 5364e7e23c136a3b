#include "matcher/index/gpu/copy.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexScalarQuantizer.h>
#include <faiss/impl/FaissException.h>
#include <fmt/format.h>

#include <typeinfo>

#include "matcher/core/error.hpp"
#include "matcher/core/plugin.hpp"
#include "matcher/index/faiss/factory.hpp"

namespace matcher::index {
namespace {

constexpr const char* no_support =
    "this matcher was built with a FAISS that has no GPU support; scripts/build-faiss-gpu builds one that has";

#ifdef MATCHER_WITH_FAISS_GPU

#define MATCHER_QUOTED(name) MATCHER_QUOTED_TEXT(name)
#define MATCHER_QUOTED_TEXT(name) #name

constexpr bool has_support = true;

/// Opened on the first call.
const GpuPlugin& plugin() {
  static const GpuPlugin& opened = *reinterpret_cast<GpuPluginFactory>(
      open_plugin({"FAISS for GPUs", "libmatcher_faiss_gpu.so", MATCHER_QUOTED(MATCHER_GPU_SYMBOL)}))();
  return opened;
}

#else

constexpr bool has_support = false;

const GpuPlugin& plugin() { throw Error(ErrorCode::resource, no_support); }

#endif

/// Of the copy: codes, ids, and a tenth for lists that are padded.
std::uintmax_t bytes_of(const faiss::IndexIVF& ivf) {
  const auto rows = double(ivf.ntotal) * double(ivf.code_size + 8);
  return std::uintmax_t(1.1 * rows) + ivf.nlist * std::uintmax_t(ivf.d) * sizeof(float);
}

bool is_lists(const faiss::IndexIVF& ivf) {
  const auto& kind = typeid(ivf);
  return dynamic_cast<const faiss::IndexFlat*>(ivf.quantizer) &&
         (kind == typeid(faiss::IndexIVFFlat) || kind == typeid(faiss::IndexIVFPQ) ||
          kind == typeid(faiss::IndexIVFScalarQuantizer));
}

}  // namespace

std::string why_no_gpu() { return has_support ? "" : no_support; }

std::string why_not_built_on_gpu(const std::string& description, std::size_t d) {
  if (!has_support) return no_support;
  const auto index = make_empty(description, d);
  if (as_lists(*index)) return "";
  return fmt::format("an index of type \"{}\" has no lists to learn", description);
}

void require_gpu(int device) { plugin().require(device, 0); }

std::string VectorIndex::search_on_gpu(int) {
  return fmt::format("an index of type \"{}\" has no form for GPUs", type());
}

const faiss::IndexIVF* as_lists(const faiss::Index& index) {
  const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(&index);
  return ivf && is_lists(*ivf) ? ivf : nullptr;
}

faiss::IndexIVF* as_lists(faiss::Index& index) {
  return const_cast<faiss::IndexIVF*>(as_lists(static_cast<const faiss::Index&>(index)));
}

OnGpu copied_to_gpu(int device, MatrixView vectors) {
  if (!has_support) return {nullptr, no_support};
  plugin().require(device, vectors.rows * std::uintmax_t(vectors.cols) * sizeof(float));
  auto copy = plugin().flat(device, vectors.cols, faiss::METRIC_INNER_PRODUCT);
  copy->add(std::int64_t(vectors.rows), vectors.data);
  return {flat_finder(vectors, std::move(copy)), ""};
}

OnGpu copied_to_gpu(int device, const faiss::Index& index, const std::string& type) {
  if (!has_support) return {nullptr, no_support};
  plugin().require(device, 0);
  const auto* ivf = as_lists(index);
  if (!ivf) return {nullptr, fmt::format("an index of type \"{}\" has no form for GPUs", type)};
  plugin().require(device, bytes_of(*ivf));
  try {
    return {list_finder(*ivf, plugin().lists(device, *ivf)), ""};
  } catch (const faiss::FaissException& error) {
    return {nullptr, fmt::format("FAISS has no form for GPUs of an index of type \"{}\" ({})", type, reason_of(error))};
  }
}

GpuBuild::GpuBuild(int device, faiss::IndexIVF& ivf) : ivf_(ivf) {
  plugin().require(device, ivf.nlist * std::uintmax_t(ivf.d) * sizeof(float));
  lists_ = plugin().flat(device, std::size_t(ivf.d), faiss::METRIC_INNER_PRODUCT);
  ivf.clustering_index = lists_.get();
  if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(&ivf)) {
    parts_ = plugin().flat(device, pq->pq.dsub, faiss::METRIC_L2);
    pq->pq.assign_index = parts_.get();
  }
}

GpuBuild::~GpuBuild() {
  ivf_.clustering_index = nullptr;
  if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(&ivf_)) pq->pq.assign_index = nullptr;
}

void GpuBuild::add(MatrixView vectors) {
  if (!filled_) {
    lists_->reset();
    lists_->add(ivf_.quantizer->ntotal, dynamic_cast<const faiss::IndexFlat&>(*ivf_.quantizer).get_xb());
    filled_ = true;
  }
  std::vector<std::int64_t> lists(vectors.rows);
  lists_->assign(std::int64_t(vectors.rows), vectors.data, lists.data());
  ivf_.add_core(std::int64_t(vectors.rows), vectors.data, nullptr, lists.data());
}

}  // namespace matcher::index
