#include "matcher/index/gpu/finder.hpp"

#include <faiss/IndexIVF.h>
#include <faiss/IndexIVFFlat.h>

#include <mutex>

#include "matcher/index/exact/certified.hpp"
#include "matcher/index/exact/rounding.hpp"
#include "matcher/index/exact/threads.hpp"
#include "matcher/index/faiss/list_scores.hpp"
#include "matcher/index/faiss/search_settings.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t most = 2047;  ///< candidates, and lists, that FAISS selects on a GPU

class FlatFinder : public Finder {
 public:
  FlatFinder(MatrixView vectors, std::unique_ptr<faiss::Index> copy)
      : copy_(std::move(copy)), rounding_(rounding_of_sums(vectors.cols + 1) * find_largest_length(vectors)) {}

  bool reaches(std::size_t, std::size_t count) const override { return count <= most; }
  double rounding() const override { return rounding_; }

  std::vector<Candidate> find(MatrixView queries, std::size_t, std::size_t count) const override {
    std::vector<float> scores(queries.rows * count);
    std::vector<std::int64_t> rows(scores.size(), -1);
    {
      const std::lock_guard<std::mutex> one(mutex_);
      copy_->search(std::int64_t(queries.rows), queries.data, std::int64_t(count), scores.data(), rows.data());
    }
    return to_candidates(scores, rows);
  }

 private:
  const std::unique_ptr<faiss::Index> copy_;
  const double rounding_;
  mutable std::mutex mutex_;  ///< FAISS's memory on the GPU serves one search at a time
};

class ListFinder : public Finder {
 public:
  ListFinder(const faiss::IndexIVF& ivf, std::unique_ptr<GpuLists> copy)
      : ivf_(ivf), copy_(std::move(copy)), scores_(ivf), lossless_(dynamic_cast<const faiss::IndexIVFFlat*>(&ivf)) {}

  bool reaches(std::size_t k, std::size_t count) const override { return count <= most && probes_of(ivf_, k) <= most; }
  double rounding() const override { return scores_.rounding(); }

  std::vector<Candidate> find(MatrixView queries, std::size_t k, std::size_t count) const override {
    const auto probes = probes_of(ivf_, k);
    std::vector<float> coarse(queries.rows * probes);
    std::vector<std::int64_t> lists(coarse.size());
    // Choose lists one query at a time, as the index does, so that no query goes to another list.
    for_each_row(queries.rows, [&](std::size_t i) {
      ivf_.quantizer->search(1, queries.row(i).data(), std::int64_t(probes), &coarse[i * probes], &lists[i * probes]);
    });
    auto found = search_lists({probes, lists.data(), coarse.data()}, queries, count);
    if (lossless_) return found;
    for_each_row(queries.rows, [&](std::size_t i) {
      scores_.rescore(queries.row(i), std::span(lists).subspan(i * probes, probes),
                      std::span(coarse).subspan(i * probes, probes), std::span(found).subspan(i * count, count));
    });
    return found;
  }

 private:
  std::vector<Candidate> search_lists(const Probes& probes, MatrixView queries, std::size_t count) const {
    std::vector<float> scores(queries.rows * count);
    std::vector<std::int64_t> rows(scores.size(), -1);
    {
      const std::lock_guard<std::mutex> one(mutex_);
      copy_->search(queries, probes, count, scores.data(), rows.data());
    }
    return to_candidates(scores, rows);
  }

  const faiss::IndexIVF& ivf_;
  const std::unique_ptr<GpuLists> copy_;
  const ListScores scores_;
  const bool lossless_;
  mutable std::mutex mutex_;
};

}  // namespace

std::unique_ptr<Finder> flat_finder(MatrixView vectors, std::unique_ptr<faiss::Index> copy) {
  return std::make_unique<FlatFinder>(vectors, std::move(copy));
}

std::unique_ptr<Finder> list_finder(const faiss::IndexIVF& ivf, std::unique_ptr<GpuLists> copy) {
  return std::make_unique<ListFinder>(ivf, std::move(copy));
}

}  // namespace matcher::index
