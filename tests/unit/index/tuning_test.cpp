#include "matcher/index/tuning.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "matcher/index/vector_index.hpp"

using namespace matcher;
using namespace matcher::index;

namespace {

/// Vectors around a few centres, which an inverted file separates badly.
Matrix clustered(std::size_t n, std::size_t d) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  Matrix centres(20, d), vectors(n, d);
  for (auto& value : centres.data) value = normal(random);
  for (std::size_t i = 0; i < n; ++i) {
    double length = 0;
    for (std::size_t j = 0; j < d; ++j) {
      auto& value = vectors.row(i)[j];
      value = centres.row(i % 20)[j] + 1.5F * normal(random);
      length += double(value) * double(value);
    }
    for (auto& value : vectors.row(i)) value /= float(std::sqrt(length));
  }
  return vectors;
}

std::vector<std::string> numbers(std::size_t n) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < n; ++i) ids.push_back(std::to_string(i));
  return ids;
}

}  // namespace

TEST_CASE("more lists are visited until recall reaches the target") {
  const auto vectors = clustered(4000, 24);
  const auto index = build(vectors.view(), numbers(4000), {"IVF100,Flat"});
  const auto before = index->efforts().front();
  const auto tuning = tune_search(*index, MatrixSource(vectors.view()), 0.99, 1);
  REQUIRE(tuning.chosen);
  CHECK(tuning.name == "nprobe");
  CHECK(tuning.queries == 1000);
  CHECK(tuning.chosen->effort > before);
  CHECK(tuning.chosen->low >= 0.99);
  CHECK(tuning.trials.front().recall < 0.99);
  for (std::size_t i = 1; i < tuning.trials.size(); ++i) {
    CHECK(tuning.trials[i].effort > tuning.trials[i - 1].effort);
    CHECK(tuning.trials[i].recall >= tuning.trials[i - 1].recall);
  }
}

TEST_CASE("a target that cannot be reached sets the best") {
  const auto vectors = clustered(500, 8);
  const auto index = build(vectors.view(), numbers(500), {"IVF10,Flat"});
  const auto tuning = tune_search(*index, MatrixSource(vectors.view()), 1, 1);
  CHECK(!tuning.chosen);
  CHECK(tuning.best.recall == 1);  // all lists: exact
  CHECK(tuning.best.low < 1);      // but 500 queries do not prove it
}

TEST_CASE("an exact index has no setting") {
  const auto vectors = clustered(100, 8);
  const auto index = build(vectors.view(), numbers(100), {"flat"});
  const auto tuning = tune_search(*index, MatrixSource(vectors.view()), 1, 1);
  CHECK(tuning.name.empty());
  CHECK(tuning.chosen);
  CHECK(tuning.trials.size() == 1);
}

TEST_CASE("the interval of a mean of recalls") {
  // numpy: v = [1]*90 + [0.9]*10; mean 0.99. With a query that finds nothing, mean 0.980198, variance of the mean
  // (sum((v - 0.980198)**2) + 0.980198**2) / 100 / 101
  std::vector<double> recalls(90, 1.0);
  recalls.insert(recalls.end(), 10, 0.9);
  const auto trial = summarise(recalls);
  CHECK(trial.recall == Catch::Approx(0.99));
  CHECK(trial.low == Catch::Approx(0.96011).margin(1e-4));
  CHECK(trial.high == 1);
  CHECK(summarise(std::vector<double>(1000, 1.0)).low == Catch::Approx(0.99704).margin(1e-4));
}
