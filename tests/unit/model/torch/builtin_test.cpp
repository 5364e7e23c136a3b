#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "matcher/model/bundle/builtin.hpp"
#include "matcher/model/export.hpp"
#include "unit/model/torch/loading.hpp"

using Catch::Approx;
using namespace matcher;
using namespace matcher::test;

namespace {

double largest_difference(std::span<const float> a, std::span<const float> b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, double(std::abs(a[i] - b[i])));
  return largest;
}

}  // namespace

TEST_CASE("the baselines have their dimensions and unit length") {
  const auto colour = test::load(builtin_bundle("colour-layout"));
  const auto gradient = test::load(builtin_bundle("gradient-layout"));
  CHECK(colour->dimension() == 384);
  CHECK(gradient->dimension() == 288);
  CHECK(colour->fingerprint() != gradient->fingerprint());
  const auto vectors = colour->embed(pictures(3));
  for (std::size_t i = 0; i < 3; ++i) CHECK(inner_product(vectors.row(i), vectors.row(i)) == Approx(1).epsilon(1e-5));
  CHECK(largest_difference(vectors.row(0), vectors.row(1)) > 0.01);
}

TEST_CASE("a baseline's vector depends neither on the batch nor on the call") {
  const auto name = GENERATE(as<std::string>(), "colour-layout", "gradient-layout");
  const auto embedder = test::load(builtin_bundle(name));
  const auto batch = pictures(5);
  const auto together = embedder->embed(batch);
  for (std::size_t i = 0; i < batch.size(); ++i)
    CHECK(largest_difference(embedder->embed(std::span(batch).subspan(i, 1)).row(0), together.row(i)) < 1e-6);
  for (int again = 0; again < 4; ++again) CHECK(embedder->embed(batch).data == together.data);
  CHECK(test::load(builtin_bundle(name))->embed(batch).data == together.data);
}

TEST_CASE("a baseline reacts to what it is named after") {
  image::Image red{90, 80, std::vector<std::uint8_t>(90 * 80 * 3)};
  for (std::size_t i = 0; i < red.rgb.size(); i += 3) red.rgb[i] = 200;
  auto blue = red;
  for (std::size_t i = 0; i < red.rgb.size(); i += 3) std::swap(blue.rgb[i], blue.rgb[i + 2]);
  const auto colour = test::load(builtin_bundle("colour-layout"));
  image::LazyImage first(red), second(blue);
  const std::array batch{colour->prepare(first), colour->prepare(second)};
  const auto vectors = colour->embed(batch);
  CHECK(inner_product(vectors.row(0), vectors.row(1)) < 0.1);
}

TEST_CASE("an exported baseline is a TorchScript file with its description, and gives the same vectors") {
  const Scratch scratch;
  for (const auto& name : model::builtin_names()) {
    const auto file = scratch / ("made/" + name + ".pt");
    const auto bundle = builtin_bundle(name);
    model::export_builtin(
        bundle, [&](const auto&) { return "name: " + name + "\n"; }, file);
    CHECK(model::embedded_metadata(file) == "name: " + name + "\n");
    const auto batch = pictures(2);
    const auto exported = test::load(file_bundle(file));
    CHECK(exported->embed(batch).data == test::load(bundle)->embed(batch).data);
  }
}
