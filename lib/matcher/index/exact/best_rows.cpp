#include "matcher/index/exact/best_rows.hpp"

#include <faiss/utils/distances.h>

#include <algorithm>

#include "matcher/index/exact/certified.hpp"
#include "matcher/index/exact/threads.hpp"
#include "matcher/process/blas.hpp"

namespace matcher::index {
namespace {

/// Multiplications below which waking a thread takes longer than it saves.
constexpr double worth_a_thread = 1 << 20;

std::vector<Candidate> search_slice(MatrixView queries, MatrixView slice, std::size_t first, std::size_t count) {
  std::vector<float> scores(queries.rows * count);
  std::vector<std::int64_t> rows(scores.size());
  faiss::knn_inner_product(queries.data, slice.data, queries.cols, queries.rows, slice.rows, count, scores.data(),
                           rows.data());
  for (auto& row : rows) row += row < 0 ? 0 : std::int64_t(first);
  return to_candidates(scores, rows);
}

bool is_better(const Candidate& a, const Candidate& b) {
  return (a.row < 0) != (b.row < 0) ? b.row < 0 : a.found_by > b.found_by;
}

/// Merges the best candidates of each slice.
std::vector<Candidate> merge(const std::vector<std::vector<Candidate>>& slices, std::size_t queries,
                             std::size_t count) {
  std::vector<Candidate> best;
  best.reserve(queries * count);
  std::vector<Candidate> all;
  for (std::size_t q = 0; q < queries; ++q) {
    all.clear();
    for (const auto& slice : slices)
      all.insert(all.end(), slice.begin() + std::ptrdiff_t(q * count), slice.begin() + std::ptrdiff_t((q + 1) * count));
    std::ranges::partial_sort(all, all.begin() + std::ptrdiff_t(count), is_better);
    best.insert(best.end(), all.begin(), all.begin() + std::ptrdiff_t(count));
  }
  return best;
}

}  // namespace

std::vector<Candidate> find_best_rows(MatrixView queries, MatrixView vectors, std::size_t count) {
  const double work = double(queries.rows) * double(vectors.rows) * double(vectors.cols);
  const auto most = std::min(std::size_t(omp_get_max_threads()), vectors.rows);
  const auto threads = std::clamp<std::size_t>(std::size_t(work / worth_a_thread), 1, most);
  const OneBlasThread blas{threads};
  const OpenMpThreads limit{int(threads)};
  if (threads == 1) return search_slice(queries, vectors, 0, count);
  std::vector<std::vector<Candidate>> slices(threads);
  for_each_row(threads, [&](std::size_t i) {
    const auto first = i * vectors.rows / threads, last = (i + 1) * vectors.rows / threads;
    slices[i] = search_slice(queries, vectors.slice(first, last - first), first, count);
  });
  return merge(slices, queries.rows, count);
}

}  // namespace matcher::index
