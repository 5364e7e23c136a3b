#include "matcher/refine/methods.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "unit/core/scratch.hpp"

namespace matcher::refine {
namespace {

using Catch::Approx;
using test::error_of;

/// Vectors of products, and their cosines after maps of numpy (tests/fixtures/make_refine_fixtures.py).
struct Fixture {
  Matrix vectors;
  std::vector<std::uint32_t> products;
  nlohmann::json cosines;

  Fixture() {
    const auto j = nlohmann::json::parse(std::ifstream(std::string(MATCHER_TEST_DATA) + "/refine/maps.json"));
    products = j.at("labels").get<std::vector<std::uint32_t>>();
    const auto rows = j.at("vectors").get<std::vector<std::vector<float>>>();
    vectors = Matrix(rows.size(), rows[0].size());
    for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], vectors.row(i).begin());
    cosines = j.at("cosines");
  }

  Scatter scatter() const {
    Scatter all(vectors.cols);
    all.add(vectors.view(), products);
    return all;
  }
};

Matrix matrix_of(const std::vector<float>& values, std::size_t rows) {
  Matrix matrix(rows, values.size() / rows);
  matrix.data = values;
  return matrix;
}

double largest_difference(const Matrix& mapped, const nlohmann::json& cosines) {
  double most = 0;
  for (std::size_t i = 0; i < mapped.rows; ++i) {
    for (std::size_t k = 0; k < mapped.rows; ++k) {
      const auto expected = cosines.at(i * mapped.rows + k).get<double>();
      most = std::max(most, std::abs(inner_product(mapped.row(i), mapped.row(k)) - expected));
    }
  }
  return most;
}

TEST_CASE("every method gives the cosines that numpy gives") {
  const Fixture fixture;
  const auto check = [&](const char* name, const char* method, const FitSettings& settings) {
    INFO(name);
    const auto map = fit(find_method(method), fixture.scatter(), settings);
    CHECK(largest_difference(apply(map, fixture.vectors.view()), fixture.cosines.at(name)) < 1e-5);
  };
  check("lda_0.3_4", "lda", {.shrinkage = 0.3, .dimension = 4});
  check("lda_1_8", "lda", {.shrinkage = 1, .dimension = 8});
  check("whiten_0.25_5", "whiten", {.power = 0.25, .dimension = 5});
  check("whiten_0.5_3", "whiten", {.power = 0.5, .dimension = 3});
  check("centre", "centre", {});
}

TEST_CASE("the first columns of a map are the map of fewer dimensions") {
  const Fixture fixture;
  const auto& lda = find_method("lda");
  const auto cut = truncate(fit(lda, fixture.scatter(), {.shrinkage = 0.3, .dimension = 8}), 4);
  CHECK(cut.outputs() == 4);
  CHECK(largest_difference(apply(cut, fixture.vectors.view()), fixture.cosines.at("lda_0.3_4")) < 1e-5);
}

TEST_CASE("sums of parts give the map of the whole, in any blocks") {
  const Fixture fixture;
  const auto n = fixture.vectors.rows;
  Scatter first(fixture.vectors.cols), second(fixture.vectors.cols);
  first.add(fixture.vectors.view().slice(0, 7), std::span(fixture.products).first(7));
  second.add(fixture.vectors.view().slice(7, n - 7), std::span(fixture.products).subspan(7));
  second += first;
  CHECK(second.count() == n);
  CHECK(second.products() == 5);
  CHECK(second.repeated() == 5);
  const auto map = fit(find_method("lda"), second, {.shrinkage = 0.3, .dimension = 4});
  CHECK(largest_difference(apply(map, fixture.vectors.view()), fixture.cosines.at("lda_0.3_4")) < 1e-5);
}

TEST_CASE("a row's mapped vector does not depend on the rows beside it") {
  const Fixture fixture;
  const auto map = fit(find_method("lda"), fixture.scatter(), {.shrinkage = 0.3, .dimension = 5});
  Matrix many(150, fixture.vectors.cols);
  for (std::size_t i = 0; i < many.rows; ++i) std::ranges::copy(fixture.vectors.row(i % 30), many.row(i).begin());
  const auto all = apply(map, many.view());
  for (std::size_t i = 0; i < many.rows; ++i) {
    const auto alone = apply(map, many.view().slice(i, 1));
    CHECK(std::ranges::equal(alone.row(0), all.row(i)));
  }
}

TEST_CASE("mapped vectors have unit length, and the mean maps to zero") {
  const Fixture fixture;
  const auto map = fit(find_method("whiten"), fixture.scatter(), {.power = 0.25, .dimension = 3});
  const auto mapped = apply(map, fixture.vectors.view());
  for (std::size_t i = 0; i < mapped.rows; ++i)
    CHECK(inner_product(mapped.row(i), mapped.row(i)) == Approx(1).margin(1e-6));
  const auto mean = matrix_of(map.mean, 1);
  CHECK(std::ranges::count(apply(map, mean.view()).data, 0.0F) == 3);
}

TEST_CASE("more dimensions than the vectors have are refused") {
  const Fixture fixture;
  const auto refused = [](const char* method, const Scatter& scatter, std::size_t dimension) {
    return error_of(ErrorCode::usage, [&] { fit(find_method(method), scatter, {.dimension = dimension}); });
  };
  CHECK(refused("lda", fixture.scatter(), 9) ==
        "--dimension 9 is not possible: 30 vectors of 8 dimensions allow 1 to 8");
  CHECK(refused("lda", fixture.scatter(), 0) ==
        "--dimension 0 is not possible: 30 vectors of 8 dimensions allow 1 to 8");
  Scatter three(fixture.vectors.cols);
  three.add(fixture.vectors.view().slice(0, 3), std::span(fixture.products).first(3));
  CHECK(refused("whiten", three, 3) == "--dimension 3 is not possible: 3 vectors of 8 dimensions allow 1 to 2");
}

TEST_CASE("labels teach only if a product has two vectors, and there are two products") {
  const Fixture fixture;
  const auto& lda = find_method("lda");
  const auto can_learn = [&](std::vector<std::uint32_t> products) {
    Scatter scatter(fixture.vectors.cols);
    scatter.add(fixture.vectors.view().slice(0, products.size()), products);
    return lda.can_learn(scatter);
  };
  CHECK(can_learn({1, 1, 2}));
  CHECK_FALSE(can_learn({1, 2, 3}));
  CHECK_FALSE(can_learn({1, 1, 1}));
}

TEST_CASE("a scatter within products that is zero or singular is refused, not divided by") {
  Scatter equal(3);
  const auto twice = matrix_of({1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0}, 4);
  equal.add(twice.view(), std::vector<std::uint32_t>{0, 0, 1, 1});
  const auto refused = [](const Scatter& scatter, double shrinkage) {
    return error_of(ErrorCode::input,
                    [&] { fit(find_method("lda"), scatter, {.shrinkage = shrinkage, .dimension = 1}); });
  };
  CHECK(refused(equal, 0.3) ==
        "the photos of every product have equal vectors, so labels cannot teach how they differ. Use --method whiten, "
        "which needs no labels");
  Scatter flat(3);
  const auto line = matrix_of({1, 0, 0, 0, 1, 0, 0, 0, 1}, 3);
  flat.add(line.view(), std::vector<std::uint32_t>{0, 0, 1});
  CHECK(refused(flat, 0) == "the scatter within products is singular; use a larger --shrinkage, such as 0.1");
}

TEST_CASE("an unknown method names the known ones") {
  CHECK(error_of(ErrorCode::usage, [] { find_method("pca"); }) == "unknown method \"pca\"; use lda, whiten, centre");
}

TEST_CASE("a map refuses vectors of another dimension") {
  const LinearMap map{{0, 0}, {}};
  CHECK(error_of(ErrorCode::mismatch, [&] { apply(map, Matrix(1, 3).view()); }) ==
        "a map of 2-d vectors cannot be applied to 3-d vectors; adapt the model again");
}

}  // namespace
}  // namespace matcher::refine
