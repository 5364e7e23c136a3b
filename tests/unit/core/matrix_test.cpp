#include "matcher/core/matrix.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <numeric>

namespace matcher {
namespace {

using Catch::Matchers::WithinAbs;

Matrix counting(std::size_t rows, std::size_t cols) {
  Matrix matrix(rows, cols);
  std::iota(matrix.data.begin(), matrix.data.end(), 0.0f);
  return matrix;
}

TEST_CASE("rows lie one after the other") {
  auto matrix = counting(3, 2);
  CHECK(matrix.row(1)[0] == 2);
  matrix.row(2)[1] = 9;
  CHECK(matrix.view().row(2)[1] == 9);
}

TEST_CASE("a slice is some rows of a view") {
  const auto matrix = counting(4, 3);
  const auto slice = matrix.view().slice(1, 2);
  CHECK(slice.rows == 2);
  CHECK(slice.cols == 3);
  CHECK(slice.row(0)[0] == 3);
}

TEST_CASE("the inner product of whole numbers is exact, whatever the length") {
  for (const std::size_t length : {0u, 1u, 7u, 8u, 9u, 100u}) {
    const auto row = counting(1, length);
    const auto n = double(length);
    CHECK(inner_product(row.row(0), row.row(0)) == (length == 0 ? 0 : (n - 1) * n * (2 * n - 1) / 6));
  }
}

TEST_CASE("the inner product is summed in double") {
  const std::vector<float> a{1e8f, 1, -1e8f}, ones{1, 1, 1};
  CHECK(inner_product(a, ones) == 1.0);
}

TEST_CASE("a normalised row has unit length and its direction") {
  std::vector<float> row{3, 4};
  CHECK(normalise(row));
  CHECK_THAT(row[0], WithinAbs(0.6, 1e-7));
  CHECK_THAT(row[1], WithinAbs(0.8, 1e-7));
}

TEST_CASE("a row of zeros stays as it is") {
  std::vector<float> row{0, 0, 0};
  CHECK_FALSE(normalise(row));
  CHECK(row == std::vector<float>{0, 0, 0});
}

TEST_CASE("a normalised copy leaves the original alone") {
  const auto matrix = counting(2, 3);
  const auto unit = normalised(matrix.view());
  CHECK(matrix.row(1)[0] == 3);
  CHECK_THAT(inner_product(unit.row(1), unit.row(1)), WithinAbs(1.0, 1e-6));
}

TEST_CASE("the cosine does not depend on lengths, and is 0 where it has no meaning") {
  const std::vector<float> a{3, 4}, b{40, 30}, zero{0, 0}, longer{1, 2, 3};
  CHECK(cosine(a, b) == 0.96);
  CHECK(cosine(a, zero) == 0);
  CHECK(cosine(a, longer) == 0);
}

}  // namespace
}  // namespace matcher
