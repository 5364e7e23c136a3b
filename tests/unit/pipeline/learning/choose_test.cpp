#include "matcher/pipeline/learning/choose.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <set>

#include "matcher/pipeline/learning/protocols.hpp"
#include "unit/pipeline/stand_ins.hpp"

namespace matcher::pipeline {
namespace {

using Catch::Approx;
using test::item;

/// Photos of products on a circle: photo p of product n has the angle n + p / 100, in radians.
Sample circle(std::size_t products, std::size_t photos) {
  Sample sample;
  sample.unit = Matrix(products * photos, 2);
  sample.product_count = products;
  for (std::size_t n = 0; n < products; ++n) {
    for (std::size_t p = 0; p < photos; ++p) {
      const auto row = n * photos + p;
      const double angle = double(n) + double(p) / 100;
      sample.unit.row(row)[0] = float(std::cos(angle));
      sample.unit.row(row)[1] = float(std::sin(angle));
      sample.items.push_back(item("i" + std::to_string(row), "l" + std::to_string(n)));
      sample.products.push_back(std::uint32_t(n));
      sample.series.push_back(std::uint32_t(row));
    }
  }
  sample.series_count = sample.items.size();
  return sample;
}

/// An outcome of one metric.
Outcome outcome(std::vector<double> values) {
  Outcome made{{values}, {}};
  for (std::size_t i = 0; i < values.size(); ++i) made.labels.push_back("l" + std::to_string(i));
  return made;
}

Trials trials(const std::vector<std::vector<std::vector<double>>>& values) {
  Trials all;
  for (std::size_t s = 0; s < values.size(); ++s) {
    all.settings.push_back({.shrinkage = double(s), .dimension = 2});
    all.by_fold.emplace_back();
    for (const auto& fold : values[s]) all.by_fold.back().push_back(outcome(fold));
  }
  return all;
}

TEST_CASE("folds divide no product, and no series") {
  auto sample = circle(7, 3);
  for (auto& series : sample.series) series /= 2;  // some series of two photos, also of two products
  const auto products = fold_products(sample);
  CHECK(products.count == 3);
  std::set<std::uint32_t> used(products.of_row.begin(), products.of_row.end());
  CHECK(used.size() == products.count);
  for (std::size_t row = 0; row < sample.items.size(); ++row)
    CHECK(products.of_row[row] == products.of_row[row / 3 * 3]);

  sample = circle(3, 12);
  for (auto& series : sample.series) series /= 2;
  sample.series_count = 18;
  const auto series = fold_series(sample);
  for (std::size_t row = 0; row < 36; ++row) CHECK(series.of_row[row] == series.of_row[row / 2 * 2]);
  for (std::size_t fold = 0; fold < series.count; ++fold)
    CHECK(rows_of_fold(sample, series, fold).size() + rows_outside(sample, series, fold).size() == 36);
}

TEST_CASE("photos of a product with the same group are one series; without groups, those that are alike") {
  auto sample = circle(2, 4);
  for (std::size_t row = 0; row < 8; ++row) sample.items[row].content_hash = std::to_string(row);
  const auto series = [&](std::vector<std::string> groups, double near) {
    for (std::size_t row = 0; row < 8; ++row) sample.items[row].group = groups[row];
    sample.series.clear();
    find_series(sample, near);
    return sample.series;
  };
  using Numbers = std::vector<std::uint32_t>;
  CHECK(series(std::vector<std::string>(8), 0.9) == Numbers{0, 0, 0, 0, 1, 1, 1, 1});
  CHECK(series({"a", "a", "b", "b", "a", "b", "a", "b"}, 0.9) == Numbers{0, 0, 1, 1, 2, 3, 2, 3});
  CHECK(series({"a", "", "", "b", "c", "c", "c", ""}, 0.9) == Numbers{0, 1, 1, 2, 3, 3, 3, 4});
  sample.items[0].content_hash = sample.items[2].content_hash;  // equal bytes join groups
  CHECK(series({"a", "a", "b", "b", "a", "b", "a", "b"}, 0.9) == Numbers{0, 0, 0, 0, 1, 2, 1, 2});
  CHECK(sample.series_count == 3);
}

TEST_CASE("sums without a fold are those of the other rows") {
  const auto sample = circle(6, 2);
  const auto folds = fold_products(sample);
  const auto scatter = scatter_without(scatter_by_fold(sample, folds), 1);
  CHECK(scatter.count() == rows_outside(sample, folds, 1).size());
  CHECK(scatter.products() == 4);
}

TEST_CASE("inside rows, a photo is searched among other series only") {
  const std::vector metrics{eval::metric("top1")};
  auto sample = circle(3, 2);
  const std::vector<std::uint32_t> rows{0, 1, 2, 3, 4, 5};
  const auto apart = measure_inside(sample, sample.unit.view(), rows, metrics);
  CHECK(apart.values[0] == std::vector<double>(6, 1.0));
  sample.series = {0, 0, 1, 1, 2, 2};  // no product has a second series
  CHECK(measure_inside(sample, sample.unit.view(), rows, metrics).queries() == 0);
}

TEST_CASE("a better setting is taken only if it is shown to be better") {
  const std::vector<double> half{0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
  auto better = half, noisy = half;
  for (auto& value : better) value += 0.1;
  noisy[0] = 1;
  const auto clear = choose(trials({{half, half}, {better, better}, {noisy, half}}));
  CHECK(clear.is_best);
  CHECK(clear.setting.shrinkage == 1);
  CHECK(clear.gain.value == Approx(0.1));
  CHECK(clear.queries == 20);
  const auto unclear = choose(trials({{half, half}, {noisy, half}}));
  CHECK_FALSE(unclear.is_best);
  CHECK(unclear.setting.shrinkage == 0);
  CHECK(unclear.best.shrinkage == 1);
  const auto worse = choose(trials({{better, better}, {half, half}}));
  CHECK(worse.setting.shrinkage == 0);
  CHECK(worse.best.shrinkage == 0);
}

TEST_CASE("a fold that is left out plays no part in the choice") {
  const std::vector<double> low(20, 0.2), high(20, 0.9);
  const auto all = trials({{low, high}, {high, low}});
  CHECK(choose(all, 1).setting.shrinkage == 1);
  CHECK(choose(all, 0).setting.shrinkage == 0);
  CHECK(choose(all, 1).queries == 20);
}

TEST_CASE("without photos to decide, the default is taken") {
  const auto choice = choose(trials({{{}, {}}, {{}, {}}}));
  CHECK(choice.queries == 0);
  CHECK(choice.setting.shrinkage == 0);
}

TEST_CASE("photos of a product with the same bytes or a high cosine are one series") {
  Matrix unit(5, 2);
  unit.data = {1, 0, 0.8F, 0.6F, 0, 1, 1, 0, -1, 0};
  const std::vector<store::ItemRow> items{item("a", "pear"), item("b", "pear"), item("c", "pear"), item("d", "apple"),
                                          item("e", "apple", "gallery", "hash of d")};
  Sample sample{unit, items, {0, 0, 0, 1, 1}, {}, 2, 0};
  find_series(sample, 0.79);
  CHECK(sample.series == std::vector<std::uint32_t>{0, 0, 1, 2, 2});
  CHECK(sample.series_count == 3);
  sample.series.clear();
  find_series(sample, 0.55);  // a and c through b
  CHECK(sample.series == std::vector<std::uint32_t>{0, 0, 0, 1, 1});
}

TEST_CASE("a photo without a label is a product of its own") {
  const std::vector<store::ItemRow> items{item("a", "pear"), item("b"), item("c", "pear"), item("d")};
  const auto products = number_products(items);
  CHECK(products.numbers == std::vector<std::uint32_t>{0, 1, 0, 2});
  CHECK(products.count == 3);
  CHECK(products.labelled == 1);
  CHECK(products.repeated == 1);
}

}  // namespace
}  // namespace matcher::pipeline
