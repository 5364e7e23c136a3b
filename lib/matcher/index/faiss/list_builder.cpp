#include "matcher/index/faiss/list_builder.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexScalarQuantizer.h>

#include <algorithm>
#include <string>
#include <typeinfo>
#include <vector>

#include "matcher/index/exact/exact_index.hpp"
#include "matcher/index/exact/threads.hpp"

namespace matcher::index {
namespace {

bool is_lists(const faiss::IndexIVF& ivf) {
  const auto& kind = typeid(ivf);
  return dynamic_cast<const faiss::IndexFlat*>(ivf.quantizer) &&
         (kind == typeid(faiss::IndexIVFFlat) || kind == typeid(faiss::IndexIVFPQ) ||
          kind == typeid(faiss::IndexIVFScalarQuantizer));
}

/// Centroids that are searched exactly; of equal ones the first wins.
class ExactLists : public faiss::IndexFlatIP {
 public:
  ExactLists(faiss::Index::idx_t dimension, int threads) : faiss::IndexFlatIP(dimension), threads_(threads) {}

  void search(idx_t n, const float* x, idx_t k, float* scores, idx_t* rows,
              const faiss::SearchParameters*) const override {
    const OpenMpThreads all(threads_);
    const auto count = std::size_t(ntotal);
    const std::vector<std::string> ids(count);  // equal ids keep the order of the rows
    const auto exact = make_exact({get_xb(), count, std::size_t(d)}, ids);
    for (idx_t first = 0; first < n; first += block) {
      const auto last = std::min(first + block, n);
      const auto answers = exact->search({x + first * d, std::size_t(last - first), std::size_t(d)}, std::size_t(k));
      for (idx_t i = 0; i < last - first; ++i)
        write(answers[std::size_t(i)], k, scores + (first + i) * k, rows + (first + i) * k);
    }
  }

 private:
  static constexpr idx_t block = 8192;  ///< queries whose answers are in memory at a time

  static void write(const std::vector<Hit>& hits, idx_t k, float* scores, idx_t* rows) {
    for (std::size_t i = 0; i < std::size_t(k); ++i) {
      scores[i] = i < hits.size() ? hits[i].score : 0;
      rows[i] = i < hits.size() ? idx_t(hits[i].row) : -1;
    }
  }

  const int threads_;
};

class IndexListBuilder : public ListBuilder {
 public:
  IndexListBuilder(faiss::IndexIVF& ivf, std::unique_ptr<faiss::Index> lists, std::unique_ptr<faiss::Index> parts)
      : ivf_(ivf), lists_(std::move(lists)), parts_(std::move(parts)) {
    learn_with(lists_.get(), parts_.get());
  }
  ~IndexListBuilder() override { learn_with(nullptr, nullptr); }
  IndexListBuilder(const IndexListBuilder&) = delete;
  IndexListBuilder& operator=(const IndexListBuilder&) = delete;

  void add(MatrixView vectors) override {
    if (!filled_) fill_lists();
    std::vector<std::int64_t> lists(vectors.rows);
    lists_->assign(std::int64_t(vectors.rows), vectors.data, lists.data());
    ivf_.add_core(std::int64_t(vectors.rows), vectors.data, nullptr, lists.data());
  }

 private:
  void learn_with(faiss::Index* lists, faiss::Index* parts) {
    ivf_.clustering_index = lists;
    if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(&ivf_)) pq->pq.assign_index = parts;
  }

  void fill_lists() {
    lists_->reset();
    lists_->add(ivf_.quantizer->ntotal, dynamic_cast<const faiss::IndexFlat&>(*ivf_.quantizer).get_xb());
    filled_ = true;
  }

  faiss::IndexIVF& ivf_;
  const std::unique_ptr<faiss::Index> lists_, parts_;
  bool filled_ = false;  ///< lists_ holds the final centroids
};

}  // namespace

const faiss::IndexIVF* as_lists(const faiss::Index& index) {
  const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(&index);
  return ivf && is_lists(*ivf) ? ivf : nullptr;
}

faiss::IndexIVF* as_lists(faiss::Index& index) {
  return const_cast<faiss::IndexIVF*>(as_lists(static_cast<const faiss::Index&>(index)));
}

std::unique_ptr<ListBuilder> build_lists_with(faiss::IndexIVF& index, std::unique_ptr<faiss::Index> lists,
                                              std::unique_ptr<faiss::Index> parts) {
  return std::make_unique<IndexListBuilder>(index, std::move(lists), std::move(parts));
}

std::unique_ptr<ListBuilder> build_lists_exactly(faiss::Index& index) {
  auto* ivf = as_lists(index);
  return ivf ? build_lists_with(*ivf, std::make_unique<ExactLists>(index.d, omp_get_max_threads())) : nullptr;
}

}  // namespace matcher::index
