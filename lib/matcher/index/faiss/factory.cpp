#include "matcher/index/faiss/factory.hpp"

#include <faiss/IVFlib.h>
#include <faiss/IndexFlatCodes.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexPQ.h>
#include <faiss/impl/FaissException.h>
#include <faiss/index_factory.h>
#include <faiss/utils/distances.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <new>
#include <string_view>

#include "matcher/core/blas.hpp"
#include "matcher/core/error.hpp"
#include "matcher/index/exact/threads.hpp"
#include "matcher/index/gpu/copy.hpp"

namespace matcher::index {
namespace {

/// While it lives, OpenMP (of this thread) and BLAS (of the process) use one thread: graphs are linked in the order
/// threads happen to run, and BLAS rounds by how it splits the work.
class SingleThread {
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  std::lock_guard<std::mutex> lock_{mutex()};  // two builds would restore each other's single thread
  OpenMpThreads openmp_{1};
  OneBlasThread blas_;
};

/// 64 points a centroid and 10 rounds instead of FAISS's 256 and 25: training on a million vectors takes a tenth, and
/// the recall is the same. FAISS draws the sample with the seed.
void prepare_clustering(faiss::ClusteringParameters& clustering, int seed) {
  clustering.seed = seed;
  clustering.niter = 10;
  clustering.min_points_per_centroid = 1;  // silent for one list; factory_string() has refused too few for more
  clustering.max_points_per_centroid = 64;
}

void prepare_training(faiss::Index& index, int seed) {
  if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(&index)) {
    hnsw->hnsw.rng = faiss::RandomGenerator(seed);
    hnsw->hnsw.efConstruction = 200;
  }
  if (auto* ivf = faiss::ivflib::try_extract_index_ivf(&index)) prepare_clustering(ivf->cp, seed);
  // Polysemous training takes seconds a sub-quantiser, for a search by Hamming distance that is not used.
  if (auto* pq = dynamic_cast<faiss::IndexPQ*>(&index)) {
    prepare_clustering(pq->pq.cp, seed);
    pq->do_polysemous_training = false;
  }
  if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(faiss::ivflib::try_extract_index_ivf(&index))) {
    prepare_clustering(pq->pq.cp, seed);
    pq->do_polysemous_training = false;
  }
}

/// Vectors that are kept whole in one piece would else be copied, and be there twice, as the piece grows.
void reserve(faiss::Index& index, std::size_t n) {
  if (auto* codes = dynamic_cast<faiss::IndexFlatCodes*>(&index)) codes->codes.reserve(n * codes->code_size);
  if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(&index)) reserve(*hnsw->storage, n);
}

}  // namespace

std::string reason_of(const std::exception& error) {
  if (!dynamic_cast<const faiss::FaissException*>(&error)) return "a number in it is out of range";
  std::string_view text = error.what();
  if (const auto file = text.find(".cpp:"); file != std::string_view::npos)
    text.remove_prefix(std::min(text.size(), text.find(": ", file) + 2));
  if (const auto failed = text.find("' failed: "); failed != std::string_view::npos && text.size() > failed + 10)
    text.remove_prefix(failed + 10);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return std::string(text);
}

std::unique_ptr<faiss::Index> make_empty(const std::string& description, std::size_t d) {
  std::unique_ptr<faiss::Index> index;
  try {
    index.reset(faiss::index_factory(int(d), description.c_str(), faiss::METRIC_INNER_PRODUCT));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::resource, fmt::format("not enough memory for an index of type \"{}\"", description));
  } catch (const std::exception& error) {
    throw Error(ErrorCode::usage,
                fmt::format("FAISS refuses index type \"{}\" for {}-d vectors ({})", description, d, reason_of(error)));
  }
  if (index->metric_type == faiss::METRIC_INNER_PRODUCT) return index;
  throw Error(ErrorCode::usage, fmt::format("index type \"{}\" does not rank by inner product", description));
}

void fill(faiss::Index& index, const VectorSource& vectors, std::size_t sample, std::uint64_t seed,
          std::optional<int> gpu, const std::function<void(std::size_t, MatrixView)>& check) {
  const SingleThread guard;
  prepare_training(index, int(seed & 0x7fffffff));
  std::optional<GpuBuild> on_gpu;
  if (auto* lists = gpu ? as_lists(index) : nullptr) on_gpu.emplace(*gpu, *lists);
  if (!index.is_trained) {
    const auto drawn = drawn_rows(vectors.rows(), sample, seed);
    const auto learnt_from = gathered(vectors, drawn);
    for (std::size_t i = 0; i < drawn.size(); ++i) check(drawn[i], learnt_from.view().slice(i, 1));
    index.train(faiss::Index::idx_t(drawn.size()), learnt_from.data.data());
  }
  reserve(index, vectors.rows());
  for_each_block(vectors, [&](std::size_t first, MatrixView block) {
    check(first, block);
    if (on_gpu) return on_gpu->add(block);
    index.add(faiss::Index::idx_t(block.rows), block.data);
  });
}

double multiplications_a_second() {
  const SingleThread guard;
  constexpr std::size_t n = 512, d = 256;
  const std::vector<float> vectors(n * d, 0.5f);
  std::vector<float> scores(n);
  std::vector<std::int64_t> rows(n);
  const auto start = std::chrono::steady_clock::now();
  double seconds = 0, done = 0;
  while (seconds < 0.02) {
    faiss::knn_inner_product(vectors.data(), vectors.data(), d, n, n, 1, scores.data(), rows.data());
    done += double(n * n * d);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  return done / seconds;
}

std::size_t default_probes(std::size_t lists) { return std::min(lists, std::max<std::size_t>(8, lists / 8)); }

std::size_t probes_of(const faiss::IndexIVF& ivf, std::size_t k) {
  const auto holds_twice_k = (2 * k * ivf.nlist + std::size_t(ivf.ntotal) - 1) / std::size_t(ivf.ntotal);
  return std::min(ivf.nlist, std::max(default_probes(ivf.nlist), holds_twice_k));
}

void tune(faiss::Index& index) {
  if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(&index)) hnsw->hnsw.efSearch = int(default_breadth);
  if (auto* ivf = faiss::ivflib::try_extract_index_ivf(&index)) ivf->nprobe = default_probes(ivf->nlist);
}

}  // namespace matcher::index
