#include "matcher/run/best_scores.hpp"

#include <algorithm>

namespace matcher::run {

void add(BestScores& scores, const RankedQuery& query) {
  if (query.answers.empty()) return;
  const double best = query.answers[0].score;
  if (!query.known()) {
    scores.unknown.push_back(best);
    return;
  }
  scores.known.push_back({best, is_right(query)});
  const auto other = std::ranges::find_if(query.answers, [&](const auto& a) { return a.label != query.label; });
  if (other != query.answers.end()) scores.left_out.push_back(other->score);
}

}  // namespace matcher::run
