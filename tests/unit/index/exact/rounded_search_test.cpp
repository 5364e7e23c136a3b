#include "matcher/index/exact/rounded_search.hpp"

#include <omp.h>

#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "unit/index/exact/hostile.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

/// Keeps the best `k` of each query.
Answers first(Answers answers, std::size_t k) {
  for (auto& hits : answers) hits.resize(std::min(k, hits.size()));
  return answers;
}

/// Checks the answers that are proven, and returns their number. `expected` are at least `k`, by sums in double.
std::size_t check_proven(const Matrix& vectors, const Matrix& queries, std::size_t k, const Answers& expected) {
  const auto copy = RoundedCopy::make(vectors.view());
  if (!copy) return 0;
  const auto found = search_rounded(*copy, vectors.view(), queries.view(), k, ranks(shuffled_ids(vectors.rows)));
  const auto best = plain(first(expected, k));
  std::size_t proven = 0, wrong = 0;
  for (std::size_t q = 0; q < found.size(); ++q) {
    proven += found[q].has_value();
    wrong += found[q] && plain({*found[q]})[0] != best[q];
  }
  INFO("k " << k);
  CHECK(found.size() == queries.rows);
  CHECK(wrong == 0);
  return proven;
}

std::size_t check_proven(const Matrix& vectors, const Matrix& queries, std::size_t k) {
  return check_proven(vectors, queries, k, brute_force(vectors.view(), shuffled_ids(vectors.rows), queries.view(), k));
}

}  // namespace

TEST_CASE("exact search answers 50 hostile data sets as sums in double do, ties included") {
  const auto number = GENERATE(range(0, 50));
  const auto [name, vectors, queries] = hostile(std::size_t(number));
  INFO(name);
  const auto ids = shuffled_ids(vectors.rows);
  const auto exact = exact_search(vectors.view(), ids);
  const auto all = brute_force(vectors.view(), ids, queries.view(), vectors.rows);
  for (const std::size_t k : {1, 10, 70, 5000}) {
    INFO("k " << k);
    const auto expected = plain(first(all, k));
    for (int again = 0; again < 2; ++again) CHECK((plain(exact->search(queries.view(), k)) == expected));
    check_proven(vectors, queries, std::min(k, vectors.rows), all);
  }
}

TEST_CASE("a rounded copy proves the answers to ordinary queries, one or many at a time, on any number of threads") {
  if (!find_kernels()) SKIP("this processor has no kernels for rounded vectors");
  const auto vectors = clustered(5000, 96, 1);
  const int before = omp_get_max_threads();
  for (const int threads : {1, 2, 3, 16}) {
    omp_set_num_threads(threads);
    for (const std::size_t n : {1, 3, 4, 17, 30, 64, 600}) CHECK(check_proven(vectors, clustered(n, 96, 2), 10) == n);
  }
  omp_set_num_threads(before);
  CHECK(check_proven(vectors, clustered(40, 96, 2), 1) == 40);
  CHECK(check_proven(vectors, clustered(40, 96, 2), 100) == 40);
}

TEST_CASE("too many equal scores prove nothing") {
  Matrix vectors(5000, 64);
  for (std::size_t i = 0; i < vectors.rows; ++i) vectors.row(i)[i % 2] = 1;
  CHECK(check_proven(vectors, clustered(40, 64, 2), 10) == 0);
}
