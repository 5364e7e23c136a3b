// Collects the scores of known and unknown queries, from which a threshold is chosen (eval/open_set.hpp).
#pragma once

#include <string_view>
#include <vector>

#include "matcher/core/score_kind.hpp"
#include "matcher/eval/open_set.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

struct BestScores {
  std::vector<eval::KnownQuery> known;
  std::vector<double> unknown;
  std::vector<double> left_out;  ///< scores of known queries if the gallery lacked their label; a query may have none
};

/// Adds a query; one without answers has no score. Margins need answers of two products.
void add(BestScores& scores, const RankedQuery& query, ScoreKind kind = ScoreKind::cosine);

/// Scores with the products of their queries. A query without a label is a product of its own.
struct ProductScores {
  BestScores scores;
  std::vector<std::string_view> known, unknown, left_out;  ///< one per score, borrowed from the queries
};
ProductScores collect_scores(const std::vector<RankedQuery>& queries, ScoreKind kind);

}  // namespace matcher::run
