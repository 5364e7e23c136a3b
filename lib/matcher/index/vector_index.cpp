#include "matcher/index/vector_index.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexScalarQuantizer.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <typeinfo>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/index/candidate_index.hpp"
#include "matcher/index/exact/best_rows.hpp"
#include "matcher/index/exact/threads.hpp"
#include "matcher/index/faiss/factory.hpp"
#include "matcher/index/faiss/list_scan.hpp"
#include "matcher/index/file/index_file.hpp"
#include "matcher/index/gpu/copy.hpp"
#include "matcher/index/plan.hpp"

namespace matcher::index {
namespace {

using Ids = std::span<const std::string>;

/// Every vector is compared; the vectors are somebody else's, or those of a flat FAISS index that it keeps.
class ExactIndex : public RefinedIndex {
 public:
  ExactIndex(MatrixView vectors, Ids ids, std::unique_ptr<faiss::Index> keep = nullptr)
      : RefinedIndex(ids), vectors_(vectors), keep_(std::move(keep)) {}

  std::size_t dimension() const override { return vectors_.cols; }
  std::string type() const override { return "Flat"; }
  bool exact() const override { return true; }

  std::string search_on_gpu(int device) override {
    auto [finder, why_not] = copied_to_gpu(device, vectors_);
    if (finder) find_with(std::move(finder));
    return why_not;
  }

  void save(const std::filesystem::path& file) const override {
    if (keep_) return write_index_file(file, *keep_, type());
    faiss::IndexFlatIP copy{faiss::Index::idx_t(dimension())};
    copy.add(faiss::Index::idx_t(size()), vectors_.data);
    write_index_file(file, copy, type());
  }

 protected:
  std::vector<Candidate> candidates(MatrixView queries, std::size_t, std::size_t count) const override {
    return best_rows(queries, vectors_, count);
  }

  double score(std::span<const float> query, const Candidate& candidate) const override {
    return inner_product(query, vectors_.row(std::size_t(candidate.row)));
  }

 private:
  const MatrixView vectors_;
  const std::unique_ptr<faiss::Index> keep_;
};

/// The search parameters that grow with k, nullptr for the index's own: FAISS's fast-scan indexes take none.
std::unique_ptr<faiss::SearchParameters> parameters(const faiss::Index& index, std::size_t k) {
  if (dynamic_cast<const faiss::IndexHNSW*>(&index)) {
    auto wider = std::make_unique<faiss::SearchParametersHNSW>();
    wider->efSearch = int(std::max(default_breadth, 2 * k));
    return wider;
  }
  const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(&index);
  if (!ivf || !(dynamic_cast<const faiss::IndexIVFFlat*>(ivf) || typeid(*ivf) == typeid(faiss::IndexIVFPQ) ||
                dynamic_cast<const faiss::IndexIVFScalarQuantizer*>(ivf))) {
    return nullptr;
  }
  auto wider = std::make_unique<faiss::SearchParametersIVF>();
  wider->nprobe = probes_of(*ivf, k);
  return wider;
}

/// The index as a `Kind`, null when it is of another kind or of a kind derived from it.
template <class Kind>
const Kind* exactly(const faiss::Index& index) {
  return typeid(index) == typeid(Kind) ? static_cast<const Kind*>(&index) : nullptr;
}

/// Any other FAISS index. Queries go one by one: in a batch FAISS uses BLAS from 20 queries on, whose rounding could
/// send a query to another list.
class ApproximateIndex : public RefinedIndex {
 public:
  ApproximateIndex(std::unique_ptr<faiss::Index> index, std::string type, Ids ids)
      : RefinedIndex(ids),
        index_(std::move(index)),
        type_(std::move(type)),
        hnsw_(exactly<faiss::IndexHNSWFlat>(*index_)),
        ivf_(exactly<faiss::IndexIVFFlat>(*index_)) {}

  std::size_t dimension() const override { return std::size_t(index_->d); }
  std::string type() const override { return type_; }
  bool exact() const override { return false; }
  void save(const std::filesystem::path& file) const override { write_index_file(file, *index_, type_); }
  bool lossless() const override { return hnsw_ || ivf_; }

  std::string search_on_gpu(int device) override {
    auto [finder, why_not] = copied_to_gpu(device, *index_, type_);
    if (finder) find_with(std::move(finder));
    return why_not;
  }

  std::optional<Matrix> decoded() const override {
    Matrix vectors(size(), dimension());
    try {
      index_->reconstruct_n(0, index_->ntotal, vectors.data.data());
    } catch (const faiss::FaissException&) {  // this kind cannot
      return std::nullopt;
    }
    return vectors;
  }

 protected:
  std::vector<Candidate> candidates(MatrixView queries, std::size_t k, std::size_t count) const override {
    // FAISS's graphs wake all threads for one query, which takes longer than the search.
    const OpenMpThreads limit(queries.rows > 1 ? omp_get_max_threads() : 1);
    std::vector<float> scores(queries.rows * count);
    std::vector<std::int64_t> rows(scores.size());
    if (ivf_ && queries.rows > 1) {
      scan_lists(*ivf_, queries, probes_of(*ivf_, k), count, scores.data(), rows.data());
    } else {
      const auto settings = parameters(*index_, k);
      for_each_row(queries.rows, [&](std::size_t i) {
        index_->search(1, queries.row(i).data(), faiss::Index::idx_t(count), &scores[i * count], &rows[i * count],
                       settings.get());
      });
    }
    return candidates_of(scores, rows);
  }

  double score(std::span<const float> query, const Candidate& candidate) const override {
    const float* vector = stored(candidate.row);
    return vector ? inner_product(query, {vector, query.size()}) : double(candidate.score);
  }

 private:
  /// The vector as it was added, nullptr where the index keeps a code of it only.
  const float* stored(std::int64_t row) const {
    if (hnsw_) return static_cast<const faiss::IndexFlat*>(hnsw_->storage)->get_xb() + std::size_t(row) * dimension();
    if (!ivf_) return nullptr;
    const auto place = std::uint64_t(ivf_->direct_map.get(row));
    const auto* codes = ivf_->invlists->get_codes(faiss::lo_listno(place));
    return reinterpret_cast<const float*>(codes + faiss::lo_offset(place) * ivf_->code_size);
  }

  const std::unique_ptr<faiss::Index> index_;
  const std::string type_;
  const faiss::IndexHNSW* const hnsw_;
  const faiss::IndexIVF* const ivf_;
};

/// Vectors of an IVF-flat index are found by row only with this map; it is saved with the index.
void make_findable(faiss::Index& index) {
  if (typeid(index) != typeid(faiss::IndexIVFFlat)) return;
  auto& ivf = static_cast<faiss::IndexIVF&>(index);
  if (ivf.direct_map.no()) ivf.make_direct_map();
}

std::unique_ptr<VectorIndex> wrap(std::unique_ptr<faiss::Index> index, std::string type, Ids ids) {
  tune(*index);
  if (const auto* flat = dynamic_cast<const faiss::IndexFlat*>(index.get())) {
    const MatrixView vectors{flat->get_xb(), std::size_t(flat->ntotal), std::size_t(flat->d)};
    return std::make_unique<ExactIndex>(vectors, ids, std::move(index));
  }
  make_findable(*index);
  return std::make_unique<ApproximateIndex>(std::move(index), std::move(type), ids);
}

void check_count(std::size_t rows, std::size_t cols, Ids ids) {
  if (rows == 0 || cols == 0) {
    throw Error(ErrorCode::input, "there are no vectors to index; embed at least one item of the gallery");
  }
  if (rows != ids.size()) {
    throw Error(ErrorCode::mismatch,
                fmt::format("there are {} vectors but {} item ids; embed the gallery again", rows, ids.size()));
  }
}

/// Of the vectors that begin at row `first`.
void check_finite(std::size_t first, MatrixView vectors, Ids ids) {
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    if (std::ranges::all_of(vectors.row(i), [](float v) { return std::isfinite(v); })) continue;
    throw Error(ErrorCode::input,
                fmt::format("the vector of item \"{}\" has a value that is not finite; remove the item "
                            "or embed it again",
                            ids[first + i]));
  }
}

void check_belongs(const std::filesystem::path& file, const faiss::Index& index, Ids ids) {
  if (index.metric_type != faiss::METRIC_INNER_PRODUCT) {
    throw Error(ErrorCode::mismatch, fmt::format("index file {} does not rank by inner product (FAISS metric {}); {}",
                                                 file.string(), int(index.metric_type), rebuild_hint(file)));
  }
  if (std::size_t(index.ntotal) != ids.size()) {
    throw Error(ErrorCode::mismatch, fmt::format("index file {} holds {} vectors but there are {} items; {}",
                                                 file.string(), index.ntotal, ids.size(), rebuild_hint(file)));
  }
}

}  // namespace

std::unique_ptr<VectorIndex> build(MatrixView unit_vectors, Ids ids, const BuildOptions& options) {
  return build(MatrixSource(unit_vectors), ids, options);
}

std::unique_ptr<VectorIndex> build(const VectorSource& vectors, Ids ids, const BuildOptions& options) {
  check_count(vectors.rows(), vectors.cols(), ids);
  auto type = factory_string(options.type, vectors.rows(), vectors.cols());
  auto index = make_empty(type, vectors.cols());
  const auto check = [ids](std::size_t first, MatrixView block) { check_finite(first, block, ids); };
  if (options.gpu) require_gpu(*options.gpu);
  try {
    fill(*index, vectors, training_size(type, vectors.rows()), options.seed, options.gpu, check);
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::resource,
                fmt::format("not enough memory to build an index of type \"{}\" over {} vectors; use "
                            "--type ivf-pq",
                            type, vectors.rows()));
  } catch (const std::exception& error) {
    throw Error(ErrorCode::usage,
                fmt::format("FAISS cannot build index type \"{}\" over {} {}-d vectors ({}); use --type flat "
                            "or hnsw",
                            type, vectors.rows(), vectors.cols(), reason_of(error)));
  }
  return wrap(std::move(index), std::move(type), ids);
}

std::unique_ptr<VectorIndex> load(const std::filesystem::path& file, Ids ids) {
  auto [index, type] = read_index_file(file);
  check_belongs(file, *index, ids);
  return wrap(std::move(index), std::move(type), ids);
}

std::unique_ptr<VectorIndex> exact_search(MatrixView unit_vectors, Ids ids) {
  check_count(unit_vectors.rows, unit_vectors.cols, ids);
  check_finite(0, unit_vectors, ids);
  return std::make_unique<ExactIndex>(unit_vectors, ids);
}

}  // namespace matcher::index
