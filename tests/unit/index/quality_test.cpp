#include "matcher/index/quality.hpp"

#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;

TEST_CASE("recall is measured: 1 for exact, high for lists, low for coarse codes, and equal vectors are as good") {
  constexpr std::size_t n = 12'000, d = 64;
  const auto vectors = test::clustered(n, d, 1);
  const MatrixSource source(vectors.view());
  const auto ids = test::shuffled_ids(n);
  const auto recall = [&](const char* type) { return measure_quality(*build(source, ids, {type}), source, 1); };
  CHECK(recall("flat").recall_at_10 == 1);
  CHECK(recall("flat").sample == 200);
  CHECK(recall("hnsw").recall_at_10 > 0.95);
  CHECK(recall("ivf-flat").recall_at_10 > 0.95);
  CHECK(recall("PQ4").recall_at_10 < 0.8);
  CHECK(recall("PQ4").queries_per_second > 0);
  Matrix same(n, d);
  for (std::size_t i = 0; i < n; ++i) same.row(i)[i % 2] = 1;  // any ten of six thousand are the best
  const MatrixSource twins(same.view());
  CHECK(measure_quality(*build(twins, ids, {"ivf-flat"}), twins, 1).recall_at_10 == 1);
}
