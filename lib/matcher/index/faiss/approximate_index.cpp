#include "matcher/index/faiss/approximate_index.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/impl/FaissException.h>
#include <faiss/impl/IDSelector.h>

#include <typeinfo>
#include <utility>

#include "matcher/index/candidate_index.hpp"
#include "matcher/index/exact/certified.hpp"
#include "matcher/index/exact/kept_rows.hpp"
#include "matcher/index/exact/threads.hpp"
#include "matcher/index/faiss/list_scan.hpp"
#include "matcher/index/faiss/search_settings.hpp"
#include "matcher/index/file/index_file.hpp"

namespace matcher::index {
namespace {

using Ids = std::span<const std::string>;

/// Returns the index as a `Kind`, or nullptr if it is another kind, or derived from it.
template <class Kind>
const Kind* exactly(const faiss::Index& index) {
  return typeid(index) == typeid(Kind) ? static_cast<const Kind*>(&index) : nullptr;
}

/// From this share of its rows on, a filtered index is searched as such. To compare every vector of fewer rows takes no
/// longer, and misses none.
constexpr double share_of_few = 0.1;

/// The rows that a search of FAISS may return.
class Selection {
 public:
  Selection(const std::vector<std::uint32_t>& rows, std::size_t all)
      : share_(double(rows.size()) / double(all)), bits_(all / 8 + 1), selector_(bits_.size(), bits_.data()) {
    for (const auto row : rows) bits_[row / 8] |= std::uint8_t(1 << row % 8);
  }
  Selection(const Selection&) = delete;
  Selection& operator=(const Selection&) = delete;

  /// How many rows hold `k` selected ones, on average.
  std::size_t deeper(std::size_t k) const { return std::size_t(double(k) / share_) + 1; }
  faiss::IDSelector* selector() { return &selector_; }

 private:
  double share_;
  std::vector<std::uint8_t> bits_;
  faiss::IDSelectorBitmap selector_;
};

/// Searches queries one by one: in a batch of 20 and more FAISS uses BLAS, whose rounding could send a query to another
/// list.
class ApproximateIndex : public CandidateIndex {
 public:
  ApproximateIndex(std::unique_ptr<faiss::Index> index, std::string type, Ids ids)
      : CandidateIndex(ids),
        index_(std::move(index)),
        type_(std::move(type)),
        hnsw_(exactly<faiss::IndexHNSWFlat>(*index_)),
        ivf_(exactly<faiss::IndexIVFFlat>(*index_)) {}

  std::size_t dimension() const override { return std::size_t(index_->d); }
  std::string type() const override { return type_; }
  bool exact() const override { return false; }
  std::string save(const std::filesystem::path& file) const override { return write_index_file(file, *index_, type_); }
  bool lossless() const override { return hnsw_ || ivf_; }
  std::vector<std::size_t> efforts() const override { return index::efforts(*index_); }
  void set_effort(std::size_t effort) override {
    if (effort > 0) index::set_effort(*index_, effort);
  }
  std::string effort_name() const override { return index::effort_name(*index_); }
  Contents contents() const override { return {{}, index_.get()}; }

  std::optional<Matrix> decode() const override {
    Matrix vectors(size(), dimension());
    try {
      index_->reconstruct_n(0, index_->ntotal, vectors.data.data());
    } catch (const faiss::FaissException&) {  // this kind cannot
      return std::nullopt;
    }
    return vectors;
  }

 protected:
  void limit(const RowFilter& filter) override {
    if (lossless() && double(filter.rows.size()) <= share_of_few * double(size())) {
      kept_.emplace(filter.rows, dimension(),
                    [this](std::uint32_t row) { return std::span(stored(row), dimension()); });
    } else if (search_parameters(*index_, 1)) {
      selection_ = std::make_unique<Selection>(filter.rows, size());
    } else {
      CandidateIndex::limit(filter);
    }
  }

  std::vector<Candidate> candidates(MatrixView queries, std::size_t k, std::size_t count) const override {
    if (kept_) return kept_->find(queries, count);
    // For one query, FAISS's graphs wake all threads, which takes longer than the search.
    const OpenMpThreads limit(queries.rows > 1 ? omp_get_max_threads() : 1);
    std::vector<float> scores(queries.rows * count);
    std::vector<std::int64_t> rows(scores.size());
    if (ivf_ && queries.rows > 1 && !selection_) {
      scan_lists(*ivf_, queries, probes_of(*ivf_, k), count, scores.data(), rows.data());
    } else {
      const auto settings = search_parameters(*index_, selection_ ? selection_->deeper(k) : k);
      if (selection_) settings->sel = selection_->selector();
      for_each_row(queries.rows, [&](std::size_t i) {
        index_->search(1, queries.row(i).data(), faiss::Index::idx_t(count), &scores[i * count], &rows[i * count],
                       settings.get());
      });
    }
    return to_candidates(scores, rows);
  }

  double score(std::span<const float> query, const Candidate& candidate) const override {
    const float* vector = stored(candidate.row);
    return vector ? inner_product(query, {vector, query.size()}) : double(candidate.score);
  }

 private:
  /// Returns the vector as it was added, or nullptr if the index keeps only a code of it.
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
  std::optional<KeptRows> kept_;          ///< if a filter keeps few rows
  std::unique_ptr<Selection> selection_;  ///< if it keeps more
};

/// Adds the map from rows to places, without which an IVF-flat index finds no vector by row. FAISS saves it.
void add_row_map(faiss::Index& index) {
  if (typeid(index) != typeid(faiss::IndexIVFFlat)) return;
  auto& ivf = static_cast<faiss::IndexIVF&>(index);
  if (ivf.direct_map.no()) ivf.make_direct_map();
}

}  // namespace

std::unique_ptr<VectorIndex> wrap_approximate(std::unique_ptr<faiss::Index>& index, const std::string& type, Ids ids) {
  tune(*index);
  add_row_map(*index);
  return std::make_unique<ApproximateIndex>(std::move(index), type, ids);
}

}  // namespace matcher::index
