// Every type of index through the interface: build, search, refuse.
#include "matcher/index/vector_index.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "matcher/files/file.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

Answers one_by_one(const VectorIndex& index, MatrixView queries, std::size_t k) {
  Answers answers;
  for (std::size_t i = 0; i < queries.rows; ++i) answers.push_back(index.search(queries.slice(i, 1), k).front());
  return answers;
}

}  // namespace

TEST_CASE("every type takes every dimension, and few vectors or a clear refusal") {
  for (const std::size_t d : {1, 2, 7, 65}) {
    for (const std::size_t n : {1, 2, 10, 100}) {
      const auto vectors = clustered(n, d, 3);
      const auto ids = shuffled_ids(n);
      for (const std::string type : {"flat", "hnsw", "ivf-flat"}) {
        INFO(type << " " << n << " x " << d);
        const auto index = build(vectors.view(), ids, {type});
        CHECK(index->size() == n);
        CHECK(index->dimension() == d);
        CHECK(index->exact() == (type == "flat"));
        CHECK(index->search(vectors.view(), 3).back().size() == std::min<std::size_t>(n, 3));
      }
      CHECK(error_of([&] { build(vectors.view(), ids, {"ivf-pq"}); }).code == ErrorCode::usage);
    }
    const auto vectors = clustered(10000, d, 3);
    const auto index = build(vectors.view(), shuffled_ids(10000), {"ivf-pq"});
    CHECK(index->search(vectors.view().slice(0, 5), 3).back().size() == 3);
  }
}

TEST_CASE("vectors that cannot be indexed are refused by name") {
  auto vectors = clustered(20, 4, 1);
  const auto ids = shuffled_ids(20);
  vectors.row(5)[1] = std::numeric_limits<float>::infinity();
  const auto expected =
      Refusal(ErrorCode::input, "the vector of item \"" + ids[5] +
                                    "\" contains a value that is not finite; embed the item again, or remove it");
  CHECK(error_of([&] { build(vectors.view(), ids, {}); }) == expected);
  CHECK(error_of([&] { exact_search(vectors.view(), ids); }) == expected);
  CHECK(
      error_of([&] { build({}, {}, {}); }) ==
      Refusal(ErrorCode::input, std::string("there are no vectors to index; embed at least one item of the gallery")));
  CHECK(error_of([&] { build(vectors.view().slice(0, 3), ids, {}); }) ==
        Refusal(ErrorCode::mismatch, std::string("there are 3 vectors, but 20 item ids; embed the gallery again")));
  CHECK(error_of([&] { build(vectors.view().slice(6, 14), std::span(ids).subspan(6), {"PCA16,Flat"}); }) ==
        Refusal(ErrorCode::usage, std::string("FAISS cannot build index type \"PCA16,Flat\" over 14 4-d vectors (PCA "
                                              "matrix cannot output 16 dimensions from 4); use --type flat or hnsw")));
}

TEST_CASE("building again gives the same bytes, and another seed another index") {
  const TemporaryFolder folder;
  const auto vectors = clustered(10000, 16, 1);
  const auto ids = shuffled_ids(10000);
  const auto bytes = [&](const std::string& type, std::uint64_t seed) {
    build(vectors.view(), ids, {type, seed})->save(folder / "index.faiss");
    return read_bytes(folder / "index.faiss");
  };
  for (const std::string type : {"flat", "hnsw", "ivf-flat", "ivf-pq", "PCA8,IVF8,PQ8x4"}) {
    INFO(type);
    const auto first = bytes(type, 1);
    CHECK((first == bytes(type, 1)));
    if (type.starts_with("ivf")) CHECK((first != bytes(type, 2)));
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
        Refusal(ErrorCode::input, std::string("query 2 of 3 contains a value that is not finite; embed it again")));
  const auto other = clustered(3, 5, 2);
  CHECK(
      error_of([&] { index->search(other.view(), 5); }) ==
      Refusal(ErrorCode::mismatch, std::string("the index holds 4-d vectors, but the queries are 5-d; embed both with "
                                               "the same model")));
}
