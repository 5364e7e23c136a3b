// Base class of all indexes: answers that do not depend on how candidates were found.
// It scores candidates again in double, proves that no better row was missed, and orders equal scores by item id.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "matcher/index/vector_index.hpp"

namespace faiss {
struct Index;
}

namespace matcher::index {

class Finder;

/// A row that may be among the best.
struct Candidate {
  Candidate() = default;
  /// A candidate whose final score is known.
  Candidate(std::int64_t its_row, float its_score) : row(its_row), score(its_score), found_by(its_score) {}
  Candidate(std::int64_t its_row, float its_score, float was_found_by)
      : row(its_row), score(its_score), found_by(was_found_by) {}

  std::int64_t row = -1;  ///< -1: none; then all rows that can be reached are among the others
  float score = 0;        ///< the final score, for an index that keeps codes
  float found_by = 0;     ///< the rounded score by which the search chose the row
};

/// Contents of an index, for a copy in the memory of a GPU. The index owns them.
struct Contents {
  MatrixView vectors{};                 ///< every vector as it was added, or
  const faiss::Index* faiss = nullptr;  ///< the FAISS index
};

class CandidateIndex : public VectorIndex {
 public:
  explicit CandidateIndex(std::span<const std::string> ids);
  ~CandidateIndex() override;
  std::size_t size() const final { return order_.size(); }
  std::vector<std::vector<Hit>> search(MatrixView queries, std::size_t k) const final;
  /// Lets `finder` find candidates from now on. The index itself answers the queries whose answers are not proven.
  void find_with(std::unique_ptr<Finder> finder);
  void search_only(const RowFilter& filter) final;
  /// Names the file that the index was read from, for messages.
  void read_from(const std::filesystem::path& file) { file_ = file; }
  /// Empty if the index keeps nothing on this machine.
  virtual Contents contents() const { return {}; }

 protected:
  /// Lets candidates() find only rows of the filter. Throws as search_only().
  virtual void limit(const RowFilter& filter) { VectorIndex::search_only(filter); }
  using Answers = std::vector<std::vector<Hit>>;
  /// Answers queries in a faster way than by candidates. Returns the queries that it could not answer.
  virtual std::vector<std::size_t> answer_quickly(MatrixView queries, std::size_t k, Answers& answers) const;
  /// Ranks each row's id among all ids.
  std::span<const std::uint32_t> order() const { return order_; }
  /// Returns the best `count` candidates of each query, [queries.rows, count], when `k` answers are wanted.
  virtual std::vector<Candidate> candidates(MatrixView queries, std::size_t k, std::size_t count) const = 0;
  /// Returns the final score of a candidate.
  virtual double score(std::span<const float> query, const Candidate& candidate) const = 0;

 private:
  Answers answer_all(MatrixView queries, std::size_t k) const;
  [[noreturn]] void fail_search(const std::string& why) const;
  std::vector<std::size_t> answer(MatrixView queries, std::span<const std::size_t> pending, std::size_t k,
                                  std::size_t count, Answers& answers) const;
  std::optional<std::vector<Hit>> best(std::span<const float> query, std::span<const Candidate> found, std::size_t k,
                                       double rounding) const;
  const std::vector<std::uint32_t> order_;  ///< rank of each row's id among all ids
  std::unique_ptr<Finder> finder_;
  std::filesystem::path file_;
};

}  // namespace matcher::index
