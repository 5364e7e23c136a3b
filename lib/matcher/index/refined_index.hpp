// Answers that do not depend on how candidates were found: they are scored again in double and ordered by score and id.
// Internal to the layer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "matcher/index/vector_index.hpp"

namespace matcher::index {

/// For each row the rank of its id among all ids, by which equal scores are ordered; equal ids keep the order of rows.
std::vector<std::uint32_t> order_of(std::span<const std::string> ids);

class RefinedIndex : public VectorIndex {
 public:
  explicit RefinedIndex(std::span<const std::string> ids) : order_(order_of(ids)) {}
  std::size_t size() const final { return order_.size(); }
  std::vector<std::vector<Hit>> search(MatrixView queries, std::size_t k) const final;

 protected:
  struct Candidate {
    std::int64_t row = -1;  ///< -1: none
    float score = 0;
  };
  static std::vector<Candidate> candidates_of(std::span<const float> scores, std::span<const std::int64_t> rows);
  /// The best `count` candidates of each query, [queries.rows, count], where `k` were asked for.
  virtual std::vector<Candidate> candidates(MatrixView queries, std::size_t k, std::size_t count) const = 0;
  /// The score that counts.
  virtual double score(std::span<const float> query, const Candidate& candidate) const = 0;

 private:
  using Answers = std::vector<std::vector<Hit>>;
  std::vector<std::size_t> answer(MatrixView queries, std::span<const std::size_t> pending, std::size_t k,
                                  std::size_t count, Answers& answers) const;
  std::optional<std::vector<Hit>> best(std::span<const float> query, std::span<const Candidate> found,
                                       std::size_t k) const;
  const std::vector<std::uint32_t> order_;
};

}  // namespace matcher::index
