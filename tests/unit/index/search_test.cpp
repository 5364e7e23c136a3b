#include <omp.h>

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <set>
#include <thread>

#include "matcher/core/blas.hpp"
#include "matcher/index/exact/best_rows.hpp"
#include "unit/index/vectors.hpp"

extern "C" float matcher_inner_product(const float* a, const float* b, std::size_t d);

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

double recall(const Answers& found, const Answers& truth) {
  std::size_t hits = 0, total = 0;
  for (std::size_t q = 0; q < truth.size(); ++q) {
    std::set<std::uint32_t> rows;
    for (const auto& hit : found[q]) rows.insert(hit.row);
    for (const auto& hit : truth[q]) hits += rows.count(hit.row);
    total += truth[q].size();
  }
  return double(hits) / double(total);
}

Answers one_by_one(const VectorIndex& index, MatrixView queries, std::size_t k) {
  Answers answers;
  for (std::size_t i = 0; i < queries.rows; ++i) answers.push_back(index.search(queries.slice(i, 1), k).front());
  return answers;
}

}  // namespace

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

TEST_CASE("FAISS's inner product is ours, of any length and place in memory") {
  const auto a = clustered(1, 300, 1), b = clustered(1, 300, 2);
  for (std::size_t d = 0; d <= 299; ++d) {
    const auto x = std::span(a.data).subspan(1, d), y = std::span(b.data).first(d);
    INFO("d " << d);
    CHECK(matcher_inner_product(x.data(), y.data(), d) == Catch::Approx(inner_product(x, y)).margin(1e-6));
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
    const auto best = best_rows(queries.view(), some, 30);
    REQUIRE(best.size() == 50 * 30);
    for (std::size_t i = 0; i < best.size(); ++i) {
      CHECK((best[i].row >= 0) == (i % 30 < rows));
      if (i % 30 > 0 && best[i].row >= 0) CHECK(best[i].score <= best[i - 1].score);
    }
  }
  omp_set_num_threads(before);
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

TEST_CASE("approximate indexes answer when all vectors are identical") {
  Matrix vectors(3000, 8);
  for (std::size_t i = 0; i < vectors.rows; ++i) vectors.row(i)[3] = 1;
  const auto ids = shuffled_ids(vectors.rows);
  for (const std::string type : {"hnsw", "ivf-flat", "IVF16,PQ4x6"}) {
    INFO(type);
    const auto index = build(vectors.view(), ids, {type});
    CHECK(index->search(vectors.view().slice(0, 2), 10)[1].size() == 10);
  }
}

TEST_CASE("zero vectors have cosine 0") {
  auto vectors = clustered(50, 4, 1);
  std::ranges::fill(vectors.row(17), 0.0f);
  const auto ids = shuffled_ids(50);
  const Matrix zero(1, 4);
  for (const std::string type : {"flat", "hnsw", "ivf-flat"}) {
    INFO(type);
    const auto index = build(vectors.view(), ids, {type});
    const auto hits = index->search(zero.view(), 50).front();
    CHECK(std::ranges::all_of(hits, [](const Hit& hit) { return hit.score == 0; }));
    const auto others = index->search(vectors.view().slice(0, 1), 50).front();
    for (const auto& hit : others) {
      if (hit.row == 17) CHECK(hit.score == 0);
    }
  }
}

TEST_CASE("recall at 10 on clustered vectors") {
  const auto vectors = clustered(5000, 64, 1), queries = clustered(200, 64, 2);
  const auto ids = shuffled_ids(5000);
  const auto truth = exact_search(vectors.view(), ids)->search(queries.view(), 10);
  const auto recall_of = [&](const std::string& type) {
    return recall(build(vectors.view(), ids, {type})->search(queries.view(), 10), truth);
  };
  CHECK(recall_of("auto") == 1.0);
  CHECK(recall_of("flat") == 1.0);
  CHECK(recall_of("hnsw") >= 0.98);
  CHECK(recall_of("ivf-flat") >= 0.95);
  CHECK(recall_of("IVF64,SQ8") >= 0.90);
  CHECK(recall_of("HNSW16,SQ8") >= 0.90);
  CHECK(recall_of("PCA32,Flat") >= 0.3);
}

TEST_CASE("recall at 10 of product quantisation") {
  const auto vectors = clustered(10000, 32, 1), queries = clustered(200, 32, 2);
  const auto ids = shuffled_ids(10000);
  const auto truth = exact_search(vectors.view(), ids)->search(queries.view(), 10);
  CHECK(recall(build(vectors.view(), ids, {"ivf-pq"})->search(queries.view(), 10), truth) >= 0.80);
}

TEST_CASE("answers do not depend on the size of the batch") {
  const auto vectors = clustered(5000, 65, 1), queries = clustered(100, 65, 2);
  const auto ids = shuffled_ids(5000);
  for (const std::string type : {"flat", "hnsw", "ivf-flat", "IVF32,PQ13x6", "PCA20,IVF16,PQ5x4"}) {
    INFO(type);
    const auto index = build(vectors.view(), ids, {type});
    CHECK(plain(index->search(queries.view(), 10)) == plain(one_by_one(*index, queries.view(), 10)));
  }
}

TEST_CASE("answers do not depend on the number of threads") {
  const auto vectors = clustered(3000, 48, 1), queries = clustered(64, 48, 2);
  const auto ids = shuffled_ids(3000);
  const int threads = omp_get_max_threads();
  for (const std::string type : {"flat", "hnsw", "ivf-flat"}) {
    INFO(type);
    omp_set_num_threads(4);
    const auto index = build(vectors.view(), ids, {type});
    const auto with_four = plain(index->search(queries.view(), 10));
    omp_set_num_threads(1);
    CHECK(plain(index->search(queries.view(), 10)) == with_four);
    CHECK(plain(build(vectors.view(), ids, {type})->search(queries.view(), 10)) == with_four);
  }
  omp_set_num_threads(threads);
}

TEST_CASE("several threads may search one index") {
  const auto vectors = clustered(2000, 16, 1), queries = clustered(50, 16, 2);
  const auto ids = shuffled_ids(2000);
  for (const std::string type : {"flat", "hnsw", "ivf-flat"}) {
    const auto index = build(vectors.view(), ids, {type});
    const auto expected = plain(index->search(queries.view(), 10));
    std::vector<char> same(4, 0);
    std::vector<std::thread> threads;
    for (auto& ok : same) {
      threads.emplace_back([&] { ok = plain(index->search(queries.view(), 10)) == expected; });
    }
    for (auto& thread : threads) thread.join();
    CHECK(same == std::vector<char>(4, 1));
  }
}

TEST_CASE("asking for more than there are gives all of them") {
  const auto vectors = clustered(300, 16, 1), queries = clustered(3, 16, 2);
  const auto ids = shuffled_ids(300);
  for (const std::string type : {"flat", "hnsw", "ivf-flat", "IVF4,PQ4x2"}) {
    INFO(type);
    const auto answers = build(vectors.view(), ids, {type})->search(queries.view(), 1000);
    CHECK(answers[0].size() == 300);
  }
}

TEST_CASE("no queries, or none wanted, is no error") {
  const auto vectors = clustered(20, 4, 1);
  const auto index = exact_search(vectors.view(), shuffled_ids(20));
  CHECK(index->search({}, 5).empty());
  CHECK(index->search(vectors.view(), 0).size() == 20);
  CHECK(index->search(vectors.view(), 0).front().empty());
}

TEST_CASE("queries that cannot be answered are refused in a sentence") {
  const auto vectors = clustered(20, 4, 1);
  const auto index = exact_search(vectors.view(), shuffled_ids(20));
  auto queries = clustered(3, 4, 2);
  queries.row(1)[2] = NAN;
  CHECK(error_of([&] { index->search(queries.view(), 5); }) ==
        Refusal(ErrorCode::input, std::string("query 2 of 3 has a value that is not finite; embed it again")));
  const auto other = clustered(3, 5, 2);
  CHECK(error_of([&] { index->search(other.view(), 5); }) ==
        Refusal(ErrorCode::mismatch, std::string("the index holds 4-d vectors but the queries are 5-d; embed both with "
                                                 "the same model")));
}
