#include "matcher/index/quality.hpp"

#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;

namespace {

/// Finds each vector itself, and beside it only the vectors that are least like it.
class Narcissus : public VectorIndex {
 public:
  Narcissus(MatrixView vectors, const std::vector<std::string>& ids) : vectors_(vectors), ids_(ids) {}
  std::size_t size() const override { return vectors_.rows; }
  std::size_t dimension() const override { return vectors_.cols; }
  std::string type() const override { return "narcissus"; }
  bool exact() const override { return false; }
  std::string save(const std::filesystem::path&) const override { return {}; }
  std::vector<std::vector<Hit>> search(MatrixView queries, std::size_t k) const override {
    auto answers = test::brute_force(vectors_, ids_, queries, vectors_.rows);
    const auto others = std::ptrdiff_t(std::min(k, vectors_.rows)) - 1;
    for (auto& hits : answers) hits.erase(hits.begin() + 1, hits.end() - others);
    return answers;
  }

 private:
  MatrixView vectors_;
  const std::vector<std::string>& ids_;
};

}  // namespace

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

TEST_CASE("a vector of the sample is no answer to itself") {
  const auto vectors = test::clustered(300, 8, 1);
  const auto ids = test::shuffled_ids(300);
  CHECK(measure_quality(Narcissus(vectors.view(), ids), MatrixSource(vectors.view()), 1).recall_at_10 == 0);
  const auto one = test::clustered(1, 8, 1);
  CHECK(measure_quality(Narcissus(one.view(), ids), MatrixSource(one.view()), 1).recall_at_10 == 1);
}
