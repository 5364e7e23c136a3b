#include "matcher/index/exact/certified.hpp"

#include <algorithm>
#include <cmath>

namespace matcher::index {
namespace {

struct Found {
  std::vector<Hit> hits;
  double worst = INFINITY;  ///< the smallest found_by
  bool as_rounded = true;   ///< every score is within `rounding` of its found_by
};

Found gather_hits(std::span<const Candidate> found, std::span<const double> scores, double rounding) {
  Found all;
  all.hits.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].row < 0) continue;
    const double found_by = found[i].found_by;
    all.worst = std::min(all.worst, found_by);
    all.as_rounded = all.as_rounded && std::abs(found_by - scores[i]) <= rounding;
    all.hits.push_back({std::uint32_t(found[i].row), float(scores[i])});
  }
  return all;
}

}  // namespace

std::vector<Candidate> to_candidates(std::span<const float> scores, std::span<const std::int64_t> rows) {
  std::vector<Candidate> found(scores.size());
  for (std::size_t i = 0; i < found.size(); ++i) found[i] = {rows[i], scores[i]};
  return found;
}

std::optional<std::vector<Hit>> certify(std::span<const Candidate> found, std::span<const double> scores,
                                        std::span<const std::uint32_t> order, std::size_t k, double rounding) {
  auto [hits, worst, as_rounded] = gather_hits(found, scores, rounding);
  const auto wanted = std::min(k, hits.size());
  std::ranges::partial_sort(hits, hits.begin() + std::ptrdiff_t(wanted), [order](const Hit& a, const Hit& b) {
    return a.score != b.score ? a.score > b.score : order[a.row] < order[b.row];
  });
  const bool all = hits.size() >= order.size() || hits.size() < found.size();
  // Both sides round to float before they are compared; otherwise a row that was not found could tie and come first.
  const bool proven = all || wanted == 0 || (as_rounded && float(worst + rounding) < hits[wanted - 1].score);
  if (!proven) return std::nullopt;
  hits.resize(wanted);
  return hits;
}

}  // namespace matcher::index
