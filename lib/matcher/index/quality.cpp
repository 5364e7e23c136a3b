#include "matcher/index/quality.hpp"

#include <algorithm>
#include <chrono>

#include "matcher/index/exact/best_rows.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t wanted = 10;
constexpr double tolerance = 1e-5;  // float sums of unit vectors are off by about 1e-6

/// Vectors of the index, which are queries.
struct Sample {
  std::vector<std::size_t> rows;
  Matrix vectors;
  Self self;

  bool leaves_out(std::size_t query, std::size_t row) const { return self == Self::left_out && row == rows[query]; }
};

/// Collects the 10 largest scores of each query over all blocks, the largest first.
class BestScores {
 public:
  explicit BestScores(const Sample& sample) : sample_(sample), best_(sample.rows.size()) {}

  void add(std::size_t first, MatrixView block) {
    const auto k = std::min(wanted + 1, block.rows);
    const auto found = find_best_rows(sample_.vectors.view(), block, k);
    for (std::size_t q = 0; q < best_.size(); ++q) {
      for (std::size_t i = 0; i < k; ++i) {
        const auto& candidate = found[q * k + i];
        if (!sample_.leaves_out(q, first + std::size_t(candidate.row))) best_[q].push_back(candidate.score);
      }
      std::ranges::sort(best_[q], std::ranges::greater());
      best_[q].resize(std::min(wanted, best_[q].size()));
    }
  }

  const std::vector<float>& of(std::size_t query) const { return best_[query]; }

 private:
  const Sample& sample_;
  std::vector<std::vector<float>> best_;
};

/// The best 10 answers that count.
std::vector<Hit> counted(std::vector<Hit> hits, const Sample& sample, std::size_t query) {
  std::erase_if(hits, [&](const Hit& hit) { return sample.leaves_out(query, hit.row); });
  hits.resize(std::min(wanted, hits.size()));
  return hits;
}

double recall(const VectorIndex& index, const VectorSource& vectors, const Sample& sample) {
  BestScores best(sample);
  for_each_block(vectors, [&](std::size_t first, MatrixView block) { best.add(first, block); });
  const auto answers = index.search(sample.vectors.view(), wanted + 1);
  Matrix one(1, vectors.cols());
  std::size_t found = 0, all = 0;
  for (std::size_t q = 0; q < sample.rows.size(); ++q) {
    all += best.of(q).size();
    for (const auto& hit : counted(answers[q], sample, q)) {
      vectors.copy(hit.row, one);
      found += inner_product(sample.vectors.row(q), one.row(0)) >= double(best.of(q).back()) - tolerance;
    }
  }
  return all == 0 ? 1 : double(found) / double(all);
}

}  // namespace

Quality measure_quality(const VectorIndex& index, const VectorSource& vectors, std::uint64_t seed, std::size_t sample,
                        Self self) {
  const auto rows = draw_rows(vectors.rows(), sample, seed + 1);
  const Sample drawn{rows, gather(vectors, rows), self};
  const auto queries = drawn.vectors.view();
  // Warm up: threads start, which one query would not make them do, and tables are computed.
  index.search(queries.slice(0, std::min<std::size_t>(2, queries.rows)), wanted);
  const auto start = std::chrono::steady_clock::now();
  index.search(queries, wanted);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  Quality quality{1, queries.rows, double(queries.rows) / std::max(seconds, 1e-9)};
  if (!index.exact()) quality.recall_at_10 = recall(index, vectors, drawn);
  return quality;
}

}  // namespace matcher::index
