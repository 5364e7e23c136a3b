#include "matcher/index/exact/rounded_search.hpp"

#include <algorithm>
#include <memory>

#include "matcher/index/exact/shortlist.hpp"
#include "matcher/index/exact/threads.hpp"
#include "matcher/index/exact/tiles.hpp"

namespace matcher::index {
namespace {

using Answer = std::optional<std::vector<Hit>>;

constexpr std::size_t most_queries = 512;  ///< multiplied at a time; their lists and products stay in the second cache
constexpr double worth_a_thread = 1 << 22;

/// A block of queries, and what all threads share.
struct Block {
  Block(const RoundedCopy& from, MatrixView rows)
      : copy(from),
        queries(from, rows),
        tiles(TileProduct::pays(rows.rows) ? new TileProduct(queries.codes()) : nullptr) {}

  const RoundedCopy& copy;
  const RoundedQueries queries;
  const std::unique_ptr<TileProduct> tiles;
};

/// Compares some rows of the copy with all queries of a block.
class Scan {
 public:
  Scan(const Block& block, std::size_t k)
      : block_(block),
        lists_(block.queries.size(), Shortlist(k)),
        thresholds_(block.queries.lanes(), INFINITY),
        products_(TileProduct::rows * block.queries.lanes()),
        passed_(TileProduct::rows * block.queries.lanes()) {
    for (std::size_t q = 0; q < lists_.size(); ++q) {
      if (block.queries.is_usable(q)) thresholds_[q] = -INFINITY;
    }
    open_ = std::size_t(std::ranges::count(thresholds_, -INFINITY));
  }

  void run(std::size_t first, std::size_t last) {
    for (std::size_t row = first, count = 0; row < last && open_ > 0; row += count) {
      count = std::min(TileProduct::rows, last - row);
      multiply(row, count);
      offer(row, count);
    }
  }

  const Shortlist& list(std::size_t query) const { return lists_[query]; }

 private:
  void multiply(std::size_t first, std::size_t count) {
    const auto* codes = block_.copy.codes(first);
    if (block_.tiles && count == TileProduct::rows) return block_.tiles->multiply(codes, products_.get());
    find_kernels()->multiply(codes, count, block_.queries.codes(), products_.get());
  }

  void offer(std::size_t first, std::size_t count) {
    const auto& queries = block_.queries;
    const auto* rows = block_.copy.row(first);
    const auto passed = find_kernels()->select(products_.get(), rows, count, queries.bounds(), thresholds_.data(),
                                               queries.lanes(), passed_.get());
    for (const auto& [row, lane, product] : std::span(passed_.get(), passed)) {
      auto& list = lists_[lane];
      const auto [middle, half] = queries.find_interval(lane, rows[row], product);
      list.offer(std::uint32_t(first + row), middle, half);
      open_ -= list.is_full() && thresholds_[lane] != INFINITY;
      thresholds_[lane] = list.threshold();
    }
  }

  const Block& block_;
  std::vector<Shortlist> lists_;
  std::vector<float> thresholds_;
  std::size_t open_ = 0;  ///< queries whose lists are not full
  Aligned<std::int32_t> products_;
  Aligned<Passed> passed_;
};

/// Computes scores in falling order of their upper bounds, until no row that follows can be among the best `k`.
class Ranking {
 public:
  Ranking(MatrixView vectors, std::span<const float> query, std::size_t k, std::span<const std::uint32_t> order)
      : vectors_(vectors), query_(query), k_(k), order_(order) {}

  std::vector<Hit> rank(std::vector<Shortlist::Entry> entries) {
    std::ranges::sort(entries, std::greater(), &Shortlist::Entry::upper);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (best_.size() == k_ && entries[i].upper < best_.front().score) break;
      if (i + 1 < entries.size()) fetch_early(entries[i + 1].row);
      add(entries[i].row);
    }
    std::ranges::sort_heap(best_, comes_first());
    return std::move(best_);
  }

 private:
  struct ComesFirst {
    std::span<const std::uint32_t> order;
    bool operator()(const Hit& a, const Hit& b) const {
      return a.score != b.score ? a.score > b.score : order[a.row] < order[b.row];
    }
  };
  ComesFirst comes_first() const { return {order_}; }

  /// Lets the processor read a row while it computes with another: rows are in no order.
  void fetch_early(std::uint32_t row) const {
    constexpr std::size_t line = 64 / sizeof(float);
    const auto vector = vectors_.row(row);
    for (std::size_t i = 0; i < vector.size(); i += line) __builtin_prefetch(vector.data() + i);
  }

  void add(std::uint32_t row) {
    best_.push_back({row, float(inner_product(query_, vectors_.row(row)))});
    std::ranges::push_heap(best_, comes_first());
    if (best_.size() <= k_) return;
    std::ranges::pop_heap(best_, comes_first());
    best_.pop_back();
  }

  const MatrixView vectors_;
  const std::span<const float> query_;
  const std::size_t k_;
  const std::span<const std::uint32_t> order_;
  std::vector<Hit> best_;  ///< a heap: the last of the best is in front
};

/// Joins the lists of all scans; nothing if one is full.
std::optional<std::vector<Shortlist::Entry>> join_lists(const std::vector<std::unique_ptr<Scan>>& scans,
                                                        std::size_t query) {
  float threshold = -INFINITY;
  for (const auto& scan : scans) threshold = std::max(threshold, scan->list(query).threshold());
  if (threshold == INFINITY) return std::nullopt;
  std::vector<Shortlist::Entry> all;
  for (const auto& scan : scans) {
    for (const auto& entry : scan->list(query).entries()) {
      if (!(entry.upper < threshold)) all.push_back(entry);
    }
  }
  return all;
}

std::size_t count_threads(MatrixView queries, MatrixView vectors) {
  const double work = double(queries.rows) * double(vectors.rows) * double(vectors.cols);
  return std::clamp<std::size_t>(std::size_t(work / worth_a_thread), 1, std::size_t(omp_get_max_threads()));
}

/// Searches for some queries at once, with `threads` parts of the rows.
void search_block(const RoundedCopy& copy, MatrixView vectors, MatrixView queries, std::size_t k,
                  std::span<const std::uint32_t> order, std::size_t threads, std::span<Answer> answers) {
  const Block block(copy, queries);
  std::vector<std::unique_ptr<Scan>> scans(threads);
  for_each_row(threads, [&](std::size_t i) {
    scans[i] = std::make_unique<Scan>(block, k);
    scans[i]->run(i * vectors.rows / threads, (i + 1) * vectors.rows / threads);
  });
  for_each_row(queries.rows, [&](std::size_t q) {
    if (!block.queries.is_usable(q)) return;
    if (auto entries = join_lists(scans, q))
      answers[q] = Ranking(vectors, queries.row(q), k, order).rank(std::move(*entries));
  });
}

}  // namespace

std::vector<Answer> search_rounded(const RoundedCopy& copy, MatrixView vectors, MatrixView queries, std::size_t k,
                                   std::span<const std::uint32_t> order) {
  std::vector<Answer> answers(queries.rows);
  const auto threads = count_threads(queries, vectors);
  const auto blocks = (queries.rows + most_queries - 1) / most_queries;
  const auto search = [&](std::size_t b, std::size_t parts) {
    const auto first = b * queries.rows / blocks, count = (b + 1) * queries.rows / blocks - first;
    search_block(copy, vectors, queries.slice(first, count), k, order, parts, std::span(answers).subspan(first, count));
  };
  if (blocks >= threads) {  // a thread that waits for no other is not held up by one that the system suspended
    for_each_row(blocks, [&](std::size_t b) { search(b, 1); });
  } else {
    for (std::size_t b = 0; b < blocks; ++b) search(b, threads);
  }
  return answers;
}

}  // namespace matcher::index
