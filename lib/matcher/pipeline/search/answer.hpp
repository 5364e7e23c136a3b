// Answers all queries of a dataset by one index, without the queries themselves.
#pragma once

#include <span>

#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"
#include "matcher/run/run.hpp"

namespace matcher::pipeline {

/// A gallery that can be searched; borrows both.
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

}  // namespace matcher::pipeline
