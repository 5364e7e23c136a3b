// Searches an index for vectors of queries, and applies the threshold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/pipeline/search/loaded_index.hpp"
#include "matcher/report/answers.hpp"
#include "matcher/store/threshold_file.hpp"

namespace matcher::pipeline {

/// The largest number of answers to a query: all items, or all products, of the rows that may answer; `kept` null: of
/// all. An item without a label is a product.
std::size_t count_answers(const LoadedIndex& index, const std::vector<std::uint32_t>* kept, bool by_item);

class Answerer {
 public:
  /// Borrows the index. `k` answers per query: items, or products by their best item.
  Answerer(const LoadedIndex& index, std::optional<store::ScoreThreshold> threshold, std::size_t k, bool by_item)
      : index_(index), threshold_(threshold), k_(k), by_item_(by_item) {}

  /// Adds the answers to `queries`, one per row of `vectors` [n, d]. A query below the threshold has none, unless it is
  /// a text.
  void answer(MatrixView vectors, std::span<report::QueryAnswers* const> queries) const;

 private:
  using Answers = std::vector<report::Answer>;
  std::vector<Answers> search(MatrixView vectors, std::size_t k, bool by_item) const;
  Answers first_answers(const std::vector<index::Hit>& hits, std::size_t k, bool by_item) const;
  float find_second_product(MatrixView vector) const;
  void reject_below(const store::ScoreThreshold& threshold, MatrixView vector, report::QueryAnswers& query) const;

  const LoadedIndex& index_;
  const std::optional<store::ScoreThreshold> threshold_;
  const std::size_t k_;
  const bool by_item_;
};

}  // namespace matcher::pipeline
