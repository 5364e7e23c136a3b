#include "matcher/index/faiss/build.hpp"

#include <faiss/IVFlib.h>
#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexPQ.h>

#include <sys/mman.h>

#include <memory>

#include "matcher/index/exact/threads.hpp"

namespace matcher::index {
namespace {

/// Uses 64 points per centroid and 10 rounds instead of FAISS's 256 and 25: training on a million vectors takes a
/// tenth, and the recall is the same. FAISS draws the sample with the seed.
void prepare_clustering(faiss::ClusteringParameters& clustering, int seed) {
  clustering.seed = seed;
  clustering.niter = 10;
  clustering.min_points_per_centroid = 1;  // no warning for one list; factory_string() refuses too few vectors for more
  clustering.max_points_per_centroid = 64;
}

/// Turns off polysemous training: it takes seconds per sub-quantiser, for a search by Hamming distance that is not
/// used.
template <typename PqIndex>
void prepare_codes(PqIndex& index, int seed) {
  prepare_clustering(index.pq.cp, seed);
  index.do_polysemous_training = false;
}

void prepare_training(faiss::Index& index, int seed) {
  if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(&index)) {
    hnsw->hnsw.rng = faiss::RandomGenerator(seed);
    hnsw->hnsw.efConstruction = 200;
  }
  if (auto* pq = dynamic_cast<faiss::IndexPQ*>(&index)) prepare_codes(*pq, seed);
  auto* ivf = faiss::ivflib::try_extract_index_ivf(&index);
  if (ivf) prepare_clustering(ivf->cp, seed);
  if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(ivf)) prepare_codes(*pq, seed);
}

void train(faiss::Index& index, const VectorSource& vectors, const Training& training,
           const std::function<void(std::size_t, MatrixView)>& check) {
  const auto rows = draw_rows(vectors.rows(), training.sample, training.seed);
  const auto sample = gather(vectors, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) check(rows[i], sample.view().slice(i, 1));
  index.train(faiss::Index::idx_t(rows.size()), sample.data.data());
}

/// Reserves memory for vectors that are kept in one piece. Otherwise they exist twice each time the piece grows.
void reserve(faiss::Index& index, std::size_t n) {
  if (auto* codes = dynamic_cast<faiss::IndexFlatCodes*>(&index)) codes->codes.reserve(n * codes->code_size);
  if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(&index)) reserve(*hnsw->storage, n);
}

/// Asks for large pages: the system clears and maps them in a fraction of the time.
void use_large_pages(std::vector<std::uint8_t>& reserved) {
  constexpr std::size_t large_page = std::size_t{2} << 20;
  void* first = reserved.data();
  auto size = reserved.capacity();
  if (std::align(large_page, large_page, first, size)) ::madvise(first, size / large_page * large_page, MADV_HUGEPAGE);
}

/// Copies all vectors on all threads.
void fill_flat(faiss::IndexFlat& flat, const VectorSource& vectors,
               const std::function<void(std::size_t, MatrixView)>& check) {
  use_large_pages(flat.codes);
  flat.codes.resize(vectors.rows() * flat.code_size);
  copy_rows(vectors, 0, vectors.rows(), reinterpret_cast<float*>(flat.codes.data()), check);
  flat.ntotal = faiss::Index::idx_t(vectors.rows());
}

}  // namespace

void fill(faiss::Index& index, const VectorSource& vectors, const Training& training,
          const std::function<void(std::size_t, MatrixView)>& check) {
  if (auto* flat = dynamic_cast<faiss::IndexFlat*>(&index)) {
    reserve(index, vectors.rows());
    return fill_flat(*flat, vectors, check);
  }
  const int threads = omp_get_max_threads();
  const SingleThread guard;
  prepare_training(index, int(training.seed & 0x7fffffff));
  if (!index.is_trained) train(index, vectors, training, check);
  reserve(index, vectors.rows());
  const OpenMpThreads copying(threads);
  for_each_block(vectors, [&](std::size_t first, MatrixView block) {
    const OpenMpThreads one(1);
    check(first, block);
    if (training.lists) return training.lists->add(block);
    index.add(faiss::Index::idx_t(block.rows), block.data);
  });
}

}  // namespace matcher::index
