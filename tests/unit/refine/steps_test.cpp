#include "matcher/refine/steps.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "unit/core/scratch.hpp"

namespace matcher::refine {
namespace {

using test::error_of;

Matrix matrix_of(const nlohmann::json& json) {
  const auto rows = json.get<std::vector<std::vector<float>>>();
  Matrix matrix(rows.size(), rows[0].size());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], matrix.row(i).begin());
  return matrix;
}

Matrix take(const Matrix& from, const std::vector<std::size_t>& rows) {
  Matrix some(rows.size(), from.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(from.row(rows[i]), some.row(i).begin());
  return some;
}

/// Results of numpy (tests/fixtures/make_step_fixtures.py).
struct Fixture {
  nlohmann::json json = nlohmann::json::parse(std::ifstream(std::string(MATCHER_TEST_DATA) + "/refine/steps.json"));
  Matrix gallery = matrix_of(json["gallery"]), queries = matrix_of(json["queries"]);
  std::vector<std::size_t> order(std::size_t query) const { return json["order_30"][query]; }
};

Matrix apply_to(const Step& step, const Matrix& gallery, std::size_t value) {
  Scatter scatter(gallery.cols);
  scatter.add(gallery.view(), std::vector<std::uint32_t>(gallery.rows));
  return refine::apply(step.fit(scatter, value), gallery.view());
}

TEST_CASE("re-ranking gives the distances of the paper's own code") {
  const Fixture fixture;
  for (std::size_t q = 0; q < fixture.queries.rows; ++q) {
    const auto answers = take(fixture.gallery, fixture.order(q));
    const auto scores = rerank_step.rescore(fixture.queries.row(q), answers.view());
    REQUIRE(scores.size() == 30);
    for (std::size_t i = 0; i < scores.size(); ++i)
      CHECK(scores[i] == Catch::Approx(1 - fixture.json["rerank_30"][q][i].get<double>()).margin(1e-5));
  }
}

TEST_CASE("re-ranking takes few answers, and equal ones") {
  const Fixture fixture;
  const auto query = fixture.queries.row(0);
  CHECK(rerank_step.rescore(query, {nullptr, 0, query.size()}).empty());
  CHECK(rerank_step.rescore(query, fixture.queries.view().slice(0, 1)).size() == 1);
  const auto same = take(fixture.gallery, std::vector<std::size_t>(40, 7));
  const auto scores = rerank_step.rescore(query, same.view());
  for (const auto score : scores) CHECK((std::isfinite(score) && score == scores[0]));
}

TEST_CASE("expansion is the mean of the query and its answers") {
  const Fixture fixture;
  for (std::size_t q = 0; q < fixture.queries.rows; ++q) {
    auto order = fixture.order(q);
    order.resize(5);
    auto query = take(fixture.queries, {q});
    aqe_step.combine(query.row(0), take(fixture.gallery, order).view());
    for (std::size_t k = 0; k < query.cols; ++k)
      CHECK(query.row(0)[k] == Catch::Approx(fixture.json["aqe_5"][q][k].get<double>()).margin(1e-6));
  }
}

TEST_CASE("dim keeps the first dimensions, and whiten as many as the gallery allows") {
  const Fixture fixture;
  const auto shorter = dim_step.shorten(fixture.gallery.view(), 4);
  REQUIRE(shorter.cols == 4);
  CHECK(inner_product(shorter.row(3), shorter.row(3)) == Catch::Approx(1));
  CHECK(shorter.row(3)[0] / shorter.row(3)[1] == Catch::Approx(fixture.gallery.row(3)[0] / fixture.gallery.row(3)[1]));
  CHECK(error_of(ErrorCode::usage, [&] { dim_step.shorten(fixture.gallery.view(), 11); }) ==
        "dim=11 is not possible: the vectors have 10 dimensions");
  CHECK(apply_to(whiten_step, fixture.gallery, 6).cols == 6);
  CHECK(apply_to(centre_step, fixture.gallery, 0).cols == 10);
  CHECK(error_of(ErrorCode::usage, [&] { apply_to(whiten_step, fixture.gallery, 11); }) ==
        "whiten=11 is not possible: 60 vectors of 10 dimensions allow 1 to 10");
}

TEST_CASE("flip mirrors each row of pixels") {
  std::vector<std::uint8_t> rgb{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18}, alpha{1, 2, 3, 4};
  flip_step.change_pixels(rgb, 3, 3);
  CHECK(rgb == std::vector<std::uint8_t>{7, 8, 9, 4, 5, 6, 1, 2, 3, 16, 17, 18, 13, 14, 15, 10, 11, 12});
  flip_step.change_pixels(alpha, 2, 1);
  CHECK(alpha == std::vector<std::uint8_t>{2, 1, 4, 3});
  flip_step.change_pixels({}, 0, 3);
}

TEST_CASE("steps are part of the fingerprint, in their order") {
  const auto of = [](const std::vector<std::string>& texts) { return steps_fingerprint("abc", parse_steps(texts)); };
  CHECK(of({}) == "abc");
  CHECK(of({"dba=5"}) != of({"dba=6"}));
  CHECK(of({"centre", "dba=5"}) != of({"dba=5", "centre"}));
  CHECK(of({"rerank"}) == of({"rerank=100"}));
  CHECK(dimension_after(parse_steps(std::vector<std::string>{"flip", "whiten=64", "dba=5", "dim=16"}), 1280) == 16);
  CHECK(error_of(ErrorCode::mismatch, [&] { of({"later=3"}); }) ==
        "the step \"later=3\" is not one of this version (exact, fast, flip, centre, whiten=N, dim=N, dba=N, aqe=N, "
        "rerank[=100]); use the version of matcher that made it");
}

}  // namespace
}  // namespace matcher::refine
