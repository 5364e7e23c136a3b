#include "matcher/index/quality.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "matcher/index/exact/best_rows.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t wanted = 10;
constexpr double tolerance = 1e-5;  // float sums of unit vectors are off by about 1e-6

}  // namespace

RecallMeter::RecallMeter(const VectorSource& vectors, std::uint64_t seed, std::size_t sample, Self self)
    : vectors_(vectors),
      rows_(draw_rows(vectors.rows(), sample, seed + 1)),
      queries_(gather(vectors, rows_)),
      self_(self),
      best_(rows_.size()) {
  for_each_block(vectors, [&](std::size_t first, MatrixView block) { add(first, block); });
}

void RecallMeter::add(std::size_t first, MatrixView block) {
  const auto k = std::min(wanted + 1, block.rows);
  const auto found = find_best_rows(queries(), block, k);
  for (std::size_t q = 0; q < best_.size(); ++q) {
    for (std::size_t i = 0; i < k; ++i) {
      const auto& candidate = found[q * k + i];
      if (!leaves_out(q, first + std::size_t(candidate.row))) best_[q].push_back(candidate.score);
    }
    std::ranges::sort(best_[q], std::ranges::greater());
    best_[q].resize(std::min(wanted, best_[q].size()));
  }
}

std::vector<double> RecallMeter::recalls(const VectorIndex& index) const {
  auto answers = index.search(queries(), wanted + 1);
  std::vector<double> recalls;
  Matrix one(1, vectors_.cols());
  for (std::size_t q = 0; q < rows_.size(); ++q) {
    const auto& best = best_[q];
    std::erase_if(answers[q], [&](const Hit& hit) { return leaves_out(q, hit.row); });
    answers[q].resize(std::min(wanted, answers[q].size()));
    const auto found = std::ranges::count_if(answers[q], [&](const Hit& hit) {
      vectors_.copy(hit.row, one);
      return inner_product(queries().row(q), one.row(0)) >= double(best.back()) - tolerance;
    });
    recalls.push_back(best.empty() ? 1 : double(found) / double(best.size()));
  }
  return recalls;
}

Quality measure_quality(const VectorIndex& index, const VectorSource& vectors, std::uint64_t seed, std::size_t sample,
                        Self self) {
  const auto queries = gather(vectors, draw_rows(vectors.rows(), sample, seed + 1));
  // Warm up: threads start, which one query would not make them do, and tables are computed.
  index.search(queries.view().slice(0, std::min<std::size_t>(2, queries.rows)), wanted);
  const auto start = std::chrono::steady_clock::now();
  index.search(queries.view(), wanted);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  Quality quality{1, queries.rows, double(queries.rows) / std::max(seconds, 1e-9)};
  if (index.exact()) return quality;
  const auto recalls = RecallMeter(vectors, seed, sample, self).recalls(index);
  if (!recalls.empty())
    quality.recall_at_10 = std::accumulate(recalls.begin(), recalls.end(), 0.0) / double(recalls.size());
  return quality;
}

}  // namespace matcher::index
