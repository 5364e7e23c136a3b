// Answers that do not depend on how candidates were found: they are scored again in double and ordered by score and id.
// Internal to the layer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "matcher/index/exact/certified.hpp"
#include "matcher/index/vector_index.hpp"

namespace matcher::index {

/// For each row the rank of its id among all ids, by which equal scores are ordered; equal ids keep the order of rows.
std::vector<std::uint32_t> order_of(std::span<const std::string> ids);

/// Finds candidates of an index in place of its own search, faster and less exactly.
class Finder {
 public:
  virtual ~Finder() = default;
  /// Whether it can find `count` candidates where `k` answers are wanted.
  virtual bool reaches(std::size_t k, std::size_t count) const = 0;
  /// As RefinedIndex::candidates().
  virtual std::vector<Candidate> find(MatrixView queries, std::size_t k, std::size_t count) const = 0;
  /// How far found_by may be from the score that counts, for a query of length 1.
  virtual double rounding() const = 0;
};

class RefinedIndex : public VectorIndex {
 public:
  explicit RefinedIndex(std::span<const std::string> ids) : order_(order_of(ids)) {}
  std::size_t size() const final { return order_.size(); }
  std::vector<std::vector<Hit>> search(MatrixView queries, std::size_t k) const final;
  /// From now on `finder` finds the candidates, and the index itself where that cannot prove an answer.
  void find_with(std::unique_ptr<Finder> finder) { finder_ = std::move(finder); }

 protected:
  /// The best `count` candidates of each query, [queries.rows, count], where `k` were asked for.
  virtual std::vector<Candidate> candidates(MatrixView queries, std::size_t k, std::size_t count) const = 0;
  /// The score that counts.
  virtual double score(std::span<const float> query, const Candidate& candidate) const = 0;

 private:
  using Answers = std::vector<std::vector<Hit>>;
  std::vector<std::size_t> answer(MatrixView queries, std::span<const std::size_t> pending, std::size_t k,
                                  std::size_t count, Answers& answers) const;
  std::optional<std::vector<Hit>> best(std::span<const float> query, std::span<const Candidate> found, std::size_t k,
                                       double rounding) const;
  const std::vector<std::uint32_t> order_;
  std::unique_ptr<Finder> finder_;
};

}  // namespace matcher::index
