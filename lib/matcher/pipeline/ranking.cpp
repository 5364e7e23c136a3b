#include "matcher/pipeline/ranking.hpp"

#include <charconv>

namespace matcher::pipeline {

eval::Ranking ranking_of(const RankedQuery& query) {
  eval::Ranking ranking;
  ranking.relevant_total = query.relevant;
  for (const auto& answer : query.answers) ranking.relevant.push_back(answer.label == query.label);
  return ranking;
}

double metric_value(const eval::Ranking& ranking, const std::string& metric) {
  if (metric == "mrr") return eval::reciprocal_rank(ranking);
  if (metric == "map") return eval::average_precision(ranking);
  std::size_t k = 0;
  std::from_chars(metric.data() + std::string_view("top").size(), metric.data() + metric.size(), k);
  return eval::hit_at(ranking, k);
}

}  // namespace matcher::pipeline
