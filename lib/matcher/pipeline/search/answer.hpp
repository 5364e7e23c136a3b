// All queries of a dataset answered by one index: who is left out, who is right, how long it took.
#pragma once

#include <span>

#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"
#include "matcher/run/run.hpp"

namespace matcher::pipeline {

/// A gallery that can be searched.
struct Gallery {
  std::span<const store::ItemRow> items;
  const index::VectorIndex* index = nullptr;
};

struct Answers {
  std::vector<run::RankedQuery> queries;
  std::size_t self_matches = 0;  ///< gallery items left out of a query's answers: the same id or the same bytes
};

/// The first `depth` answers to each query, best first. A query never matches itself.
Answers answer_all(const Gallery& gallery, const VectorSet& queries, std::size_t depth);

/// Milliseconds of single searches for the first 10 answers: median and 95th percentile. Of 20 queries, and of up to
/// 200 while these take less than a tenth of a second.
std::pair<double, double> search_times(const index::VectorIndex& index, MatrixView queries);

}  // namespace matcher::pipeline
