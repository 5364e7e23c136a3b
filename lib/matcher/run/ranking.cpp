#include "matcher/run/ranking.hpp"

#include <algorithm>

namespace matcher::run {

bool is_right(const RankedQuery& query) {
  return query.known && !query.answers.empty() && query.answers[0].label == query.label;
}

void add(BestScores& scores, const RankedQuery& query) {
  if (query.answers.empty()) return;
  const double best = query.answers[0].score;
  if (!query.known) {
    scores.unknown.push_back(best);
    return;
  }
  scores.known.push_back({best, is_right(query)});
  const auto other = std::ranges::find_if(query.answers, [&](const auto& a) { return a.label != query.label; });
  if (other != query.answers.end()) scores.left_out.push_back(other->score);
}

eval::Ranking ranking_of(const RankedQuery& query) {
  eval::Ranking ranking;
  ranking.relevant_total = query.relevant;
  for (const auto& answer : query.answers) ranking.relevant.push_back(answer.label == query.label);
  return ranking;
}

namespace {

Nearest nearest_to(const RankedQuery& query) {
  if (!query.copy.empty()) return {query.id, query.copy, 1, true};
  if (query.answers.empty()) return {query.id, {}};
  return {query.id, query.answers[0].id, query.answers[0].score};
}

}  // namespace

void add(Outcomes& outcomes, const RankedQuery& query, eval::Ranking ranking) {
  outcomes.rankings.push_back(std::move(ranking));
  outcomes.tags.push_back({query.label, query.category, query.answers.empty() ? "" : query.answers[0].label});
  outcomes.nearest.push_back(nearest_to(query));
}

Outcomes outcomes_of(const std::vector<RankedQuery>& queries) {
  Outcomes outcomes;
  for (const auto& query : queries) add(outcomes, query, ranking_of(query));
  return outcomes;
}

}  // namespace matcher::run
