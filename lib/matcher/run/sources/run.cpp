#include "matcher/run/run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace matcher::run {

const std::string& name_of(const Run& run, const std::string& label) {
  const auto found = run.label_names.find(label);
  return found == run.label_names.end() ? label : found->second;
}

bool is_right(const RankedQuery& query) { return query.known() && !query.right.empty() && query.right.front() == 1; }

void find_right_answers(RankedQuery& query) {
  query.right.clear();
  for (std::size_t i = 0; i < query.answers.size(); ++i) {
    if (query.answers[i].label == query.label) query.right.push_back(i + 1);
  }
}

eval::Ranking ranking_of(const RankedQuery& query) {
  eval::Ranking ranking{{}, query.relevant};
  if (!query.right.empty()) ranking.relevant.resize(query.right.back());
  for (const auto rank : query.right) ranking.relevant[rank - 1] = 1;
  return ranking;
}

void keep_first_answers(Run& run) {
  for (auto& query : run.queries) {
    query.answers.resize(std::min<std::size_t>(1, query.answers.size()));
    query.answers.shrink_to_fit();
    query.relevant_ids = {};
    query.details = {};
  }
}

std::vector<float> falling_scores(std::span<const RankedAnswer> answers) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> scores;
  for (const auto& answer : answers) {
    const float below = std::nextafter(scores.empty() ? infinity : scores.back(), -infinity);
    scores.push_back(std::min(answer.score, below));
  }
  return scores;
}

}  // namespace matcher::run
