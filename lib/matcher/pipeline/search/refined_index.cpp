#include "matcher/pipeline/search/refined_index.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/index/candidate_index.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::pipeline {
namespace {

using index::Hit;
using Answers = std::vector<std::vector<Hit>>;
using LeftOut = std::span<const std::vector<std::uint32_t>>;

Matrix copy_of(MatrixView rows) {
  Matrix copy(rows.rows, rows.cols);
  std::copy_n(rows.data, copy.data.size(), copy.data.begin());
  return copy;
}

class RefinedIndex : public index::VectorIndex {
 public:
  RefinedIndex(std::unique_ptr<index::VectorIndex> plain, refine::Steps steps, int threads)
      : plain_(std::move(plain)), steps_(std::move(steps)), threads_(threads) {
    const auto* borrowed = dynamic_cast<const index::CandidateIndex*>(plain_.get());
    if (borrowed != nullptr) vectors_ = borrowed->contents().vectors;
    if (vectors_.data == nullptr) decode_vectors();
    for (const auto& given : steps_) deepest_ = std::max(deepest_, given.value);
  }

  std::size_t size() const override { return plain_->size(); }
  std::size_t dimension() const override { return plain_->dimension(); }
  std::string type() const override { return plain_->type(); }
  bool exact() const override { return plain_->exact(); }
  std::string save(const std::filesystem::path& file) const override { return plain_->save(file); }
  void search_without_copy() override { plain_->search_without_copy(); }
  bool lossless() const override { return plain_->lossless(); }
  void search_only(const index::RowFilter& filter) override { plain_->search_only(filter); }
  std::optional<Matrix> decode() const override { return plain_->decode(); }
  const refine::Steps& steps() const { return steps_; }
  int threads() const { return threads_; }

  Answers search(MatrixView queries, std::size_t k) const override {
    return search_without(no_rows(queries.rows), queries, k);
  }

  Answers search_without(LeftOut left_out, MatrixView queries, std::size_t k) const override {
    const auto count = std::min(std::max(k, deepest_), size());
    auto changed = copy_of(queries);
    auto answers = plain_->search_without(left_out, queries, count);
    for (const auto& given : steps_) {
      if (given.step->combine != nullptr) {
        expand(given, changed, answers);
        answers = plain_->search_without(left_out, changed.view(), count);
      }
      if (given.step->rescore != nullptr) rescore(given, changed.view(), answers);
    }
    for (auto& hits : answers) hits.resize(std::min(k, hits.size()));
    return answers;
  }

 private:
  static std::vector<std::vector<std::uint32_t>> no_rows(std::size_t queries) {
    return std::vector<std::vector<std::uint32_t>>(queries);
  }

  void decode_vectors() {
    auto decoded = plain_->decode();
    if (!decoded) {
      throw Error(ErrorCode::usage,
                  fmt::format("an index of type {} cannot return its vectors, which step {} reads; use --type flat, "
                              "hnsw, ivf-flat or ivf-pq",
                              plain_->type(), refine::to_string(steps_[0])));
    }
    decoded_ = std::move(*decoded);
    vectors_ = decoded_.view();
  }

  Matrix vectors_of(std::span<const Hit> hits) const {
    Matrix vectors(hits.size(), vectors_.cols);
    for (std::size_t i = 0; i < hits.size(); ++i) {
      std::ranges::copy(vectors_.row(hits[i].row), vectors.row(i).begin());
      normalise(vectors.row(i));
    }
    return vectors;
  }

  static std::span<Hit> first_of(std::vector<Hit>& hits, const refine::GivenStep& given) {
    return std::span(hits).first(std::min(given.value, hits.size()));
  }

  void expand(const refine::GivenStep& given, Matrix& queries, Answers& answers) const {
    for (std::size_t i = 0; i < queries.rows; ++i)
      given.step->combine(queries.row(i), vectors_of(first_of(answers[i], given)).view());
  }

  /// Orders the first answers by their new scores, which are above 0. All later answers get scores of 0 or less, in
  /// their order.
  void rescore(const refine::GivenStep& given, MatrixView queries, Answers& answers) const {
    in_parallel(queries.rows, std::size_t(threads_), [&](std::size_t i) {
      const auto first = first_of(answers[i], given);
      const auto scores = given.step->rescore(queries.row(i), vectors_of(first).view());
      for (std::size_t j = 0; j < answers[i].size(); ++j) {
        auto& score = answers[i][j].score;
        score = j < first.size() ? scores[j] : std::min(0.0F, (score - 1) / 2);
      }
      std::ranges::stable_sort(first, std::greater<>(), &Hit::score);
    });
  }

  std::unique_ptr<index::VectorIndex> plain_;
  refine::Steps steps_;
  int threads_;
  std::size_t deepest_ = 0;  ///< answers that the steps look at
  Matrix decoded_;
  MatrixView vectors_;
};

}  // namespace

std::unique_ptr<index::VectorIndex> refine_search(std::unique_ptr<index::VectorIndex> plain, const refine::Steps& steps,
                                                  int threads) {
  refine::Steps later;
  std::ranges::copy_if(steps, std::back_inserter(later),
                       [](const auto& given) { return given.step->stage == refine::Stage::search; });
  if (later.empty()) return plain;
  return std::make_unique<RefinedIndex>(std::move(plain), std::move(later), threads);
}

std::unique_ptr<index::VectorIndex> refine_alike(const index::VectorIndex& like,
                                                 std::unique_ptr<index::VectorIndex> plain) {
  const auto* refined = dynamic_cast<const RefinedIndex*>(&like);
  return refined == nullptr ? std::move(plain) : refine_search(std::move(plain), refined->steps(), refined->threads());
}

bool keeps_cosines(const refine::Steps& steps) {
  return std::ranges::none_of(
      steps, [](const auto& given) { return given.step->combine != nullptr || given.step->rescore != nullptr; });
}

}  // namespace matcher::pipeline
