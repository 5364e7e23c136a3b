#include "matcher/index/quality.hpp"

#include <algorithm>
#include <chrono>

#include "matcher/index/exact/best_rows.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t wanted = 10;
constexpr double tolerance = 1e-5;  // float sums of unit vectors are off by about 1e-6

/// Collects the 10 largest scores of each query over all blocks, the largest first.
class BestScores {
 public:
  explicit BestScores(MatrixView queries) : queries_(queries), best_(queries.rows) {}

  void add(MatrixView block) {
    const auto k = std::min(wanted, block.rows);
    const auto found = find_best_rows(queries_, block, k);
    for (std::size_t q = 0; q < best_.size(); ++q) {
      for (std::size_t i = 0; i < k; ++i) best_[q].push_back(found[q * k + i].score);
      std::ranges::sort(best_[q], std::ranges::greater());
      best_[q].resize(std::min(wanted, best_[q].size()));
    }
  }

  const std::vector<float>& of(std::size_t query) const { return best_[query]; }

 private:
  MatrixView queries_;
  std::vector<std::vector<float>> best_;
};

double recall(const VectorSource& vectors, MatrixView queries, const std::vector<std::vector<Hit>>& answers) {
  BestScores best(queries);
  for_each_block(vectors, [&](std::size_t, MatrixView block) { best.add(block); });
  Matrix one(1, vectors.cols());
  std::size_t found = 0, all = 0;
  for (std::size_t q = 0; q < queries.rows; ++q) {
    all += best.of(q).size();
    for (const auto& hit : answers[q]) {
      vectors.copy(hit.row, one);
      found += inner_product(queries.row(q), one.row(0)) >= double(best.of(q).back()) - tolerance;
    }
  }
  return double(found) / double(all);
}

}  // namespace

Quality measure_quality(const VectorIndex& index, const VectorSource& vectors, std::uint64_t seed, std::size_t sample) {
  const auto queries = gather(vectors, draw_rows(vectors.rows(), sample, seed + 1));
  // Warm up: threads start, which one query would not make them do, and tables are computed.
  index.search(queries.view().slice(0, std::min<std::size_t>(2, queries.rows)), wanted);
  const auto start = std::chrono::steady_clock::now();
  const auto answers = index.search(queries.view(), wanted);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  Quality quality{1, queries.rows, double(queries.rows) / std::max(seconds, 1e-9)};
  if (!index.exact()) quality.recall_at_10 = recall(vectors, queries.view(), answers);
  return quality;
}

}  // namespace matcher::index
