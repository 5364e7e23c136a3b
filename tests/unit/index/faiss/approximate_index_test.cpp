#include "matcher/index/faiss/approximate_index.hpp"

#include <set>

#include "unit/index/vectors.hpp"

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

}  // namespace

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
