#include "matcher/index/exact/best_rows.hpp"

#include <omp.h>

#include <catch2/generators/catch_generators.hpp>

#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

TEST_CASE("the best rows are found whatever the threads, also where there are fewer") {
  const auto vectors = clustered(900, 64, 1), queries = clustered(50, 64, 2);
  const auto rows = GENERATE(std::size_t(1), std::size_t(3), std::size_t(70), std::size_t(900));
  const auto some = vectors.view().slice(0, rows);
  const auto ids = shuffled_ids(rows);
  const int before = omp_get_max_threads();
  const auto expected = plain(brute_force(some, ids, queries.view(), 20));
  for (const int threads : {1, 2, 3, 16}) {
    omp_set_num_threads(threads);
    CHECK(plain(exact_search(some, ids)->search(queries.view(), 20)) == expected);
    const auto best = find_best_rows(queries.view(), some, 30);
    REQUIRE(best.size() == 50 * 30);
    for (std::size_t i = 0; i < best.size(); ++i) {
      CHECK((best[i].row >= 0) == (i % 30 < rows));
      if (i % 30 > 0 && best[i].row >= 0) CHECK(best[i].score <= best[i - 1].score);
    }
  }
  omp_set_num_threads(before);
}
