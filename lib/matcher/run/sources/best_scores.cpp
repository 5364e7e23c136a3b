#include "matcher/run/best_scores.hpp"

#include <optional>

namespace matcher::run {
namespace {

std::string_view product_of(const auto& item) { return item.label.empty() ? item.id : item.label; }

/// The score of the answers of other products than `left_out`.
std::optional<double> score_of(const std::vector<RankedAnswer>& answers, std::string_view left_out, ScoreKind kind) {
  const RankedAnswer* best = nullptr;
  for (const auto& answer : answers) {
    if (!left_out.empty() && answer.label == left_out) continue;
    if (kind == ScoreKind::cosine) return answer.score;
    if (best == nullptr) best = &answer;
    if (product_of(answer) != product_of(*best)) return double(best->score) - double(answer.score);
  }
  return std::nullopt;
}

}  // namespace

void add(BestScores& scores, const RankedQuery& query, ScoreKind kind) {
  const auto best = score_of(query.answers, "", kind);
  if (!query.known()) {
    if (best) scores.unknown.push_back(*best);
    return;
  }
  if (best) scores.known.push_back({*best, is_right(query)});
  if (const auto other = score_of(query.answers, query.label, kind)) scores.left_out.push_back(*other);
}

ProductScores collect_scores(const std::vector<RankedQuery>& queries, ScoreKind kind) {
  ProductScores all;
  for (const auto& query : queries) {
    add(all.scores, query, kind);
    const auto product = product_of(query);
    if (all.scores.known.size() > all.known.size()) all.known.push_back(product);
    if (all.scores.unknown.size() > all.unknown.size()) all.unknown.push_back(product);
    if (all.scores.left_out.size() > all.left_out.size()) all.left_out.push_back(product);
  }
  return all;
}

}  // namespace matcher::run
