#include "matcher/index/exact/exact_index.hpp"

#include <algorithm>

#include "matcher/files/file.hpp"
#include "matcher/process/blas.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

TEST_CASE("exact search answers as brute force does") {
  for (const std::size_t d : {1, 2, 3, 7, 64, 65}) {
    const auto vectors = clustered(700, d, 1), queries = clustered(40, d, 2);
    const auto ids = shuffled_ids(700);
    const auto flat = exact_search(vectors.view(), ids);
    for (const std::size_t k : {1, 5, 100, 700, 5000}) {
      INFO("d " << d << ", k " << k);
      CHECK(plain(flat->search(queries.view(), k)) == plain(brute_force(vectors.view(), ids, queries.view(), k)));
    }
  }
}

TEST_CASE("searches are the same without the threads of BLAS") {
  const auto vectors = clustered(700, 64, 1), queries = clustered(40, 64, 2);
  const auto ids = shuffled_ids(700);
  const auto flat = exact_search(vectors.view(), ids);
  const auto before = plain(flat->search(queries.view(), 5));
  for (int i = 0; i < 3; ++i) {
    stop_blas_threads();
    CHECK(plain(flat->search(queries.view(), 5)) == before);
  }
}

TEST_CASE("near ties at the last rank are ordered as brute force orders them") {
  auto vectors = clustered(3000, 32, 1);
  for (std::size_t i = 1; i < 1500; ++i) {
    std::ranges::copy(vectors.row(0), vectors.row(i).begin());
    vectors.row(i)[i % 32] += 1e-7f * float(i % 11);  // differences near and below the rounding of a float product
  }
  const auto ids = shuffled_ids(3000);
  const auto queries = clustered(30, 32, 5);
  const auto flat = exact_search(vectors.view(), ids);
  CHECK(plain(flat->search(vectors.view().slice(0, 30), 20)) ==
        plain(brute_force(vectors.view(), ids, vectors.view().slice(0, 30), 20)));
  CHECK(plain(flat->search(queries.view(), 20)) == plain(brute_force(vectors.view(), ids, queries.view(), 20)));
}

TEST_CASE("ten thousand identical vectors come in the order of their ids") {
  Matrix vectors(10000, 8);
  for (std::size_t i = 0; i < vectors.rows; ++i) vectors.row(i)[3] = 1;
  const auto ids = shuffled_ids(vectors.rows);
  std::vector<std::string> sorted = ids;
  std::ranges::sort(sorted);
  const auto flat = exact_search(vectors.view(), ids);
  for (const auto& hits : flat->search(vectors.view().slice(0, 50), 10)) {
    REQUIRE(hits.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) CHECK(ids[hits[i].row] == sorted[i]);
  }
}

TEST_CASE("exact search saves a flat index") {
  const TemporaryFolder folder;
  const auto vectors = clustered(100, 8, 1);
  const auto ids = shuffled_ids(100);
  const auto exact = exact_search(vectors.view(), ids);
  exact->save(folder / "a.faiss");
  build(vectors.view(), ids, {})->save(folder / "b.faiss");
  CHECK((read_bytes(folder / "a.faiss") == read_bytes(folder / "b.faiss")));
}
