#include "matcher/index/exact/exact_index.hpp"

#include <faiss/IndexFlat.h>

#include "matcher/index/candidate_index.hpp"
#include "matcher/index/exact/best_rows.hpp"
#include "matcher/index/file/index_file.hpp"

namespace matcher::index {
namespace {

using Ids = std::span<const std::string>;

class ExactIndex : public CandidateIndex {
 public:
  /// `owner` owns the vectors; nullptr if they are borrowed.
  ExactIndex(MatrixView vectors, Ids ids, std::unique_ptr<faiss::Index> owner)
      : CandidateIndex(ids), vectors_(vectors), owner_(std::move(owner)) {}

  std::size_t dimension() const override { return vectors_.cols; }
  std::string type() const override { return "Flat"; }
  bool exact() const override { return true; }
  Contents contents() const override { return {vectors_, nullptr}; }

  std::string save(const std::filesystem::path& file) const override {
    if (owner_) return write_index_file(file, *owner_, type());
    faiss::IndexFlatIP copy{faiss::Index::idx_t(dimension())};
    copy.add(faiss::Index::idx_t(size()), vectors_.data);
    return write_index_file(file, copy, type());
  }

 protected:
  std::vector<Candidate> candidates(MatrixView queries, std::size_t, std::size_t count) const override {
    return find_best_rows(queries, vectors_, count);
  }

  double score(std::span<const float> query, const Candidate& candidate) const override {
    return inner_product(query, vectors_.row(std::size_t(candidate.row)));
  }

 private:
  const MatrixView vectors_;
  const std::unique_ptr<faiss::Index> owner_;
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
