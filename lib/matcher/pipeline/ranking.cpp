#include "matcher/pipeline/ranking.hpp"

namespace matcher::pipeline {

eval::Ranking ranking_of(const RankedQuery& query) {
  eval::Ranking ranking;
  ranking.relevant_total = query.relevant;
  for (const auto& answer : query.answers) ranking.relevant.push_back(answer.label == query.label);
  return ranking;
}

Outcomes outcomes_of(const std::vector<RankedQuery>& queries) {
  Outcomes outcomes;
  for (const auto& query : queries) {
    outcomes.rankings.push_back(ranking_of(query));
    outcomes.tags.push_back({query.label, query.category, query.answers.empty() ? "" : query.answers[0].label});
  }
  return outcomes;
}

}  // namespace matcher::pipeline
