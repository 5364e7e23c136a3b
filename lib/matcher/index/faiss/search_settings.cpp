#include "matcher/index/faiss/search_settings.hpp"

#include <faiss/IVFlib.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexScalarQuantizer.h>

#include <algorithm>
#include <typeinfo>

namespace matcher::index {
namespace {

constexpr std::size_t default_breadth = 64;  ///< efSearch of HNSW

std::size_t default_probes(std::size_t lists) { return std::min(lists, std::max<std::size_t>(8, lists / 8)); }

bool takes_probes(const faiss::IndexIVF& ivf) {
  return dynamic_cast<const faiss::IndexIVFFlat*>(&ivf) || typeid(ivf) == typeid(faiss::IndexIVFPQ) ||
         dynamic_cast<const faiss::IndexIVFScalarQuantizer*>(&ivf);
}

}  // namespace

void tune(faiss::Index& index) {
  if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(&index)) hnsw->hnsw.efSearch = int(default_breadth);
  if (auto* ivf = faiss::ivflib::try_extract_index_ivf(&index)) ivf->nprobe = default_probes(ivf->nlist);
}

std::string effort_name(const faiss::Index& index) {
  if (dynamic_cast<const faiss::IndexHNSW*>(&index)) return "ef";
  const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(&index);
  return ivf && takes_probes(*ivf) ? "nprobe" : "";
}

std::vector<std::size_t> efforts(const faiss::Index& index) {
  constexpr std::size_t most_breadth = 4096;
  const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(&index);
  const bool is_graph = dynamic_cast<const faiss::IndexHNSW*>(&index) != nullptr;
  if (!is_graph && !(ivf && takes_probes(*ivf))) return {};
  const auto most = is_graph ? most_breadth : ivf->nlist;
  std::vector<std::size_t> all;
  for (auto next = is_graph ? default_breadth : default_probes(ivf->nlist); next < most;
       next += std::max<std::size_t>(1, next / 2))
    all.push_back(next);
  all.push_back(most);
  return all;
}

void set_effort(faiss::Index& index, std::size_t effort) {
  if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(&index)) hnsw->hnsw.efSearch = int(effort);
  if (auto* ivf = dynamic_cast<faiss::IndexIVF*>(&index)) ivf->nprobe = std::min(effort, ivf->nlist);
}

std::size_t probes_of(const faiss::IndexIVF& ivf, std::size_t k) {
  const auto holds_twice_k = (2 * k * ivf.nlist + std::size_t(ivf.ntotal) - 1) / std::size_t(ivf.ntotal);
  return std::min(ivf.nlist, std::max(ivf.nprobe, holds_twice_k));
}

std::unique_ptr<faiss::SearchParameters> search_parameters(const faiss::Index& index, std::size_t k) {
  if (const auto* hnsw = dynamic_cast<const faiss::IndexHNSW*>(&index)) {
    auto wider = std::make_unique<faiss::SearchParametersHNSW>();
    wider->efSearch = int(std::max(std::size_t(hnsw->hnsw.efSearch), 2 * k));
    return wider;
  }
  const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(&index);
  if (!ivf || !takes_probes(*ivf)) return nullptr;
  auto wider = std::make_unique<faiss::SearchParametersIVF>();
  wider->nprobe = probes_of(*ivf, k);
  return wider;
}

}  // namespace matcher::index
