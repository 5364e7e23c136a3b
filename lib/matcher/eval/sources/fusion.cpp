#include "matcher/eval/fusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "matcher/core/error.hpp"

namespace matcher::eval {
namespace {

/// The points of a candidate that the model did not return.
double missing_points(const AnswerList& answers, Fusion method) {
  return method == Fusion::rrf || answers.scores.empty() ? 0.0 : double(answers.scores.back());
}

bool is_error(double hit) { return hit == 0; }

}  // namespace

Fusion parse_fusion(const std::string& text) {
  if (text == "score") return Fusion::score;
  if (text == "rrf") return Fusion::rrf;
  throw Error(ErrorCode::usage, fmt::format("unknown method \"{}\"; use score or rrf", text));
}

const char* name_of(Fusion method) { return method == Fusion::rrf ? "rrf" : "score"; }

std::vector<double> points(const AnswerList& answers, std::size_t count, Fusion method) {
  std::vector<double> all(count, missing_points(answers, method));
  for (std::size_t i = 0; i < answers.candidates.size(); ++i) {
    all.at(answers.candidates[i]) = method == Fusion::rrf ? 1 / (rrf_k + double(i + 1)) : double(answers.scores.at(i));
  }
  return all;
}

std::vector<float> fused_scores(const Pool& pool, std::span<const double> weights) {
  std::vector<double> sums(pool.relevant.size(), 0.0);
  for (std::size_t m = 0; m < weights.size(); ++m) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += weights[m] * pool.points[m][i];
  }
  return {sums.begin(), sums.end()};
}

std::vector<std::uint32_t> best_first(std::span<const float> scores) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, std::greater(), [&](std::uint32_t i) { return scores[i]; });
  return order;
}

std::size_t fused_rank(const Pool& pool, std::span<const double> weights) {
  const auto scores = fused_scores(pool, weights);
  std::size_t best = scores.size();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (pool.relevant[i] && (best == scores.size() || scores[i] > scores[best])) best = i;
  }
  if (best == scores.size()) return 0;
  std::size_t before = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    before += scores[i] > scores[best] || (scores[i] == scores[best] && i < best);
  return before + 1;
}

double Overlap::jaccard() const {
  const auto errors = only_a + only_b + both_wrong;
  return errors == 0 ? 0.0 : double(both_wrong) / double(errors);
}

Overlap overlap(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) {
    throw Error(ErrorCode::mismatch,
                fmt::format("cannot compare the errors of {} and of {} queries; give both models the "
                            "same queries",
                            a.size(), b.size()));
  }
  Overlap counts;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (is_error(a[i]))
      ++(is_error(b[i]) ? counts.both_wrong : counts.only_b);
    else
      ++(is_error(b[i]) ? counts.only_a : counts.both_right);
  }
  return counts;
}

std::vector<double> ceiling(std::span<const std::vector<double>> values) {
  auto best = values.front();
  for (const auto& model : values.subspan(1)) std::ranges::transform(best, model, best.begin(), std::ranges::max);
  return best;
}

}  // namespace matcher::eval
