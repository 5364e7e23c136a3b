// Searches that may answer only some rows.
#include "matcher/index/row_filter.hpp"

#include <catch2/generators/catch_generators.hpp>

#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;

namespace {

constexpr std::size_t n = 6'000, d = 32;

/// Every `step`-th row from the third on.
RowFilter every(std::size_t step) {
  RowFilter filter;
  for (std::size_t row = 2; row < n; row += step) filter.rows.push_back(std::uint32_t(row));
  return filter;
}

/// The exact answers among the rows of a filter.
test::Answers expected(MatrixView vectors, const std::vector<std::string>& ids, const RowFilter& filter,
                       MatrixView queries, std::size_t k) {
  auto all = test::brute_force(vectors, ids, queries, n);
  for (auto& hits : all) {
    std::erase_if(hits, [&](const Hit& hit) { return !std::ranges::binary_search(filter.rows, hit.row); });
    hits.resize(std::min(k, hits.size()));
  }
  return all;
}

double recall(const test::Answers& found, const test::Answers& wanted) {
  std::size_t right = 0, all = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (const auto& hit : wanted[i]) {
      ++all;
      right += std::ranges::any_of(found[i], [&](const Hit& other) { return other.row == hit.row; }) ? 1 : 0;
    }
  }
  return double(right) / double(all);
}

}  // namespace

TEST_CASE("exact search among some rows gives their exact top k", "[filter]") {
  const auto vectors = test::clustered(n, d, 1), queries = test::clustered(40, d, 2);
  const auto ids = test::shuffled_ids(n);
  const auto filter = every(GENERATE(1, 2, 50, 2'500));
  const auto index = build(vectors.view(), ids, {"flat"});
  index->search_only(filter);
  for (const std::size_t k : {1, 10, 200}) {
    const auto wanted = expected(vectors.view(), ids, filter, queries.view(), k);
    CHECK(test::plain(index->search(queries.view(), k)) == test::plain(wanted));
    CHECK(test::plain(index->search(queries.view().slice(3, 1), k))[0] == test::plain(wanted)[3]);
  }
}

TEST_CASE("graphs and lists search among some rows, and find nearly all", "[filter]") {
  const auto vectors = test::clustered(n, d, 1), queries = test::clustered(40, d, 2);
  const auto ids = test::shuffled_ids(n);
  const auto filter = every(GENERATE(2, 5, 50, 2'500));
  const std::string type = GENERATE("hnsw", "ivf-flat");
  const auto index = build(vectors.view(), ids, {type});
  index->search_only(filter);
  const auto found = index->search(queries.view(), 10);
  INFO(type << " with " << filter.rows.size() << " rows");
  for (const auto& hits : found) {
    CHECK(hits.size() == std::min<std::size_t>(10, filter.rows.size()));
    for (const auto& hit : hits) CHECK(std::ranges::binary_search(filter.rows, hit.row));
  }
  CHECK(recall(found, expected(vectors.view(), ids, filter, queries.view(), 10)) > 0.95);
}

TEST_CASE("codes are searched among some rows, or refused", "[filter]") {
  const auto vectors = test::clustered(n, d, 1), queries = test::clustered(5, d, 2);
  const auto ids = test::shuffled_ids(n);
  const auto filter = every(3);
  const auto codes = build(vectors.view(), ids, {"IVF16,SQ8"});
  codes->search_only(filter);
  for (const auto& hits : codes->search(queries.view(), 10)) {
    CHECK(hits.size() == 10);
    for (const auto& hit : hits) CHECK(std::ranges::binary_search(filter.rows, hit.row));
  }
  const auto plain = build(vectors.view(), ids, {"SQ8"});
  CHECK_THROWS_WITH(plain->search_only(filter),
                    "an index of type \"SQ8\" cannot search some of its items. Build it with --type flat, hnsw, "
                    "ivf-flat or ivf-pq");
}
