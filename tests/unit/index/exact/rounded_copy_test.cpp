#include "matcher/index/exact/rounded_copy.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <limits>

#include "unit/index/exact/hostile.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

std::int32_t multiply(const RoundedCopy& copy, std::size_t row, const RoundedQueries& queries, std::size_t query) {
  std::int32_t product = 0;
  const auto* codes = reinterpret_cast<const std::int8_t*>(queries.codes().codes) + query * copy.stride();
  for (std::size_t i = 0; i < copy.stride(); ++i) product += (int(copy.codes(row)[i]) - code_zero) * codes[i];
  return product;
}

}  // namespace

TEST_CASE("each score is in the interval that its rounded vectors prove, also for hostile vectors") {
  if (!find_kernels()) SKIP("this processor has no kernels for rounded vectors");
  const auto number = GENERATE(range(0, 50));
  const auto [name, vectors, queries] = hostile(std::size_t(number));
  INFO(name);
  const auto copy = RoundedCopy::make(vectors.view());
  if (!copy) {
    CHECK(name.starts_with("lengths beyond"));
    return;
  }
  const RoundedQueries rounded(*copy, queries.view());
  std::size_t outside = 0;
  for (std::size_t q = 0; q < queries.rows; ++q) {
    REQUIRE(rounded.is_usable(q));
    for (std::size_t i = 0; i < vectors.rows; i += 7) {
      const auto [middle, half] = rounded.find_interval(q, *copy->row(i), multiply(*copy, i, rounded, q));
      outside += !(std::abs(inner_product(queries.row(q), vectors.row(i)) - middle) <= half);
    }
  }
  CHECK(outside == 0);
}

TEST_CASE("the interval of unit vectors is narrow") {
  if (!find_kernels()) SKIP("this processor has no kernels for rounded vectors");
  const auto vectors = clustered(3000, 256, 1), queries = clustered(20, 256, 2);
  const auto copy = RoundedCopy::make(vectors.view());
  const RoundedQueries rounded(*copy, queries.view());
  for (std::size_t i = 0; i < vectors.rows; ++i) CHECK(rounded.find_interval(i % 20, *copy->row(i), 0).half < 0.03);
}

TEST_CASE("products and selections of the kernels are those of plain loops") {
  if (!find_kernels()) SKIP("this processor has no kernels for rounded vectors");
  const auto vectors = clustered(301, 100, 1), queries = clustered(37, 100, 2);
  const auto copy = RoundedCopy::make(vectors.view());
  const RoundedQueries rounded(*copy, queries.view());
  const auto lanes = rounded.lanes();
  std::vector<std::int32_t> products(vectors.rows * lanes, -1);
  find_kernels()->multiply(copy->codes(0), vectors.rows, rounded.codes(), products.data());
  std::vector<float> thresholds(lanes, INFINITY);
  for (std::size_t q = 0; q < queries.rows; ++q) thresholds[q] = 0.1f * float(q % 9);
  std::vector<Passed> passed(products.size());
  passed.resize(find_kernels()->select(products.data(), copy->row(0), vectors.rows, rounded.bounds(), thresholds.data(),
                                       lanes, passed.data()));
  std::size_t needed = 0, found = 0, wrong = 0;
  std::vector<std::uint8_t> passes(products.size());
  for (const auto& [row, lane, product] : passed) {
    wrong += lane >= queries.rows || product != multiply(*copy, row, rounded, lane);
    passes[row * lanes + lane] = 1;
  }
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    for (std::size_t q = 0; q < queries.rows; ++q) {
      const auto [middle, half] = rounded.find_interval(q, *copy->row(i), multiply(*copy, i, rounded, q));
      const bool is_needed = middle + half >= thresholds[q];
      needed += is_needed;
      found += is_needed && passes[i * lanes + q];
    }
  }
  CHECK(wrong == 0);
  CHECK(needed > 100);
  CHECK(found == needed);
  CHECK(passed.size() < needed + needed / 100 + 2);
}

TEST_CASE("vectors that do not suit have no copy, and queries that do not suit are not usable") {
  auto vectors = clustered(300, 8, 1);
  CHECK(RoundedCopy::bytes(1000, 768) == 1000 * (768 + 16) + 4 * 768);
  vectors.row(7)[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK_FALSE(RoundedCopy::make(vectors.view()));
  vectors.row(7)[3] = INFINITY;
  CHECK_FALSE(RoundedCopy::make(vectors.view()));
  CHECK_FALSE(RoundedCopy::make({nullptr, 0, 8}));
  CHECK_FALSE(RoundedCopy::make(Matrix(2, 70000).view()));
  if (!find_kernels()) return;
  const auto copy = RoundedCopy::make(clustered(300, 8, 1).view());
  auto queries = clustered(3, 8, 2);
  queries.row(1)[0] = 1e20f;
  const RoundedQueries rounded(*copy, queries.view());
  CHECK(rounded.is_usable(0));
  CHECK_FALSE(rounded.is_usable(1));
}
