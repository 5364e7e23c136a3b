#include "matcher/index/exact/exact_index.hpp"

#include <faiss/IndexFlat.h>

#include <algorithm>

#include "matcher/index/candidate_index.hpp"
#include "matcher/index/exact/best_rows.hpp"
#include "matcher/index/exact/kept_rows.hpp"
#include "matcher/index/exact/lazy_copy.hpp"
#include "matcher/index/exact/rounded_search.hpp"
#include "matcher/index/file/index_file.hpp"

namespace matcher::index {
namespace {

using Ids = std::span<const std::string>;

class ExactIndex : public CandidateIndex {
 public:
  /// `owner` owns the vectors; nullptr if they are borrowed.
  ExactIndex(MatrixView vectors, Ids ids, std::unique_ptr<faiss::Index> owner)
      : CandidateIndex(ids), vectors_(vectors), owner_(std::move(owner)), copy_(vectors) {}

  std::size_t dimension() const override { return vectors_.cols; }
  std::string type() const override { return "Flat"; }
  bool exact() const override { return true; }
  Contents contents() const override { return {vectors_, nullptr}; }
  void search_without_copy() override { copy_.forbid(); }

  std::string save(const std::filesystem::path& file) const override {
    if (owner_) return write_index_file(file, *owner_, type());
    faiss::IndexFlatIP copy{faiss::Index::idx_t(dimension())};
    copy.add(faiss::Index::idx_t(size()), vectors_.data);
    return write_index_file(file, copy, type());
  }

 protected:
  void limit(const RowFilter& filter) override {
    kept_.emplace(filter.rows, dimension(), [this](std::uint32_t row) { return vectors_.row(row); });
  }

  std::vector<Candidate> candidates(MatrixView queries, std::size_t, std::size_t count) const override {
    if (kept_) return kept_->find(queries, count);
    return find_best_rows(queries, vectors_, count);
  }

  double score(std::span<const float> query, const Candidate& candidate) const override {
    return inner_product(query, vectors_.row(std::size_t(candidate.row)));
  }

  std::vector<std::size_t> answer_quickly(MatrixView queries, std::size_t k, Answers& answers) const override {
    if (kept_) return CandidateIndex::answer_quickly(queries, k, answers);
    std::vector<std::size_t> pending;
    const auto* copy = copy_.find(queries.rows, k);
    for (std::size_t first = 0, count = 0; first < queries.rows; first += count) {
      const bool tries = copy && copy_.is_worth_trying();
      count = std::min(tries && !copy_.is_proven() ? trial_queries : queries.rows, queries.rows - first);
      const auto found = tries ? search_rounded(*copy, vectors_, queries.slice(first, count), k, order())
                               : std::vector<std::optional<std::vector<Hit>>>(count);
      const auto proven = accept(found, first, answers, pending);
      if (tries) copy_.report(proven, count - proven);
    }
    return pending;
  }

 private:
  static constexpr std::size_t trial_queries = 32;  ///< searched before all others

  /// Stores the answers to the queries from `first` on, and adds the unanswered ones to `pending`. Returns how many
  /// were answered.
  static std::size_t accept(const std::vector<std::optional<std::vector<Hit>>>& found, std::size_t first,
                            Answers& answers, std::vector<std::size_t>& pending) {
    const auto before = pending.size();
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i])
        answers[first + i] = *found[i];
      else
        pending.push_back(first + i);
    }
    return found.size() - (pending.size() - before);
  }

  const MatrixView vectors_;
  const std::unique_ptr<faiss::Index> owner_;
  std::optional<KeptRows> kept_;  ///< none: all rows
  mutable LazyCopy copy_;
};

}  // namespace

std::unique_ptr<VectorIndex> make_exact(MatrixView vectors, Ids ids) {
  return std::make_unique<ExactIndex>(vectors, ids, nullptr);
}

std::unique_ptr<VectorIndex> wrap_flat(std::unique_ptr<faiss::Index>& index, const std::string&, Ids ids) {
  const auto* flat = dynamic_cast<const faiss::IndexFlat*>(index.get());
  if (!flat) return nullptr;
  const MatrixView vectors{flat->get_xb(), std::size_t(flat->ntotal), std::size_t(flat->d)};
  return std::make_unique<ExactIndex>(vectors, ids, std::move(index));
}

}  // namespace matcher::index
