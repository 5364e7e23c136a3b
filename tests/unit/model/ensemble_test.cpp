#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "matcher/model/embedder.hpp"
#include "matcher/model/ensemble.hpp"
#include "unit/model/scratch.hpp"

using Catch::Approx;
using namespace matcher;
using matcher::test::error_of;

namespace {

/// Says its own numbers: vector i of a batch is (first of the sample, 1, ..., 1), d numbers.
class Fake : public model::Embedder {
 public:
  explicit Fake(std::size_t d) : d_(d) {}
  std::size_t dimension() const override { return d_; }
  std::string fingerprint() const override { return "fake" + std::to_string(d_); }
  Device device() const override { return {Device::Kind::cpu, 0}; }
  Precision precision() const override { return d_ == 2 ? Precision::bf16 : Precision::fp32; }
  bool takes_texts() const override { return d_ != 4; }
  model::Sample prepare(image::LazyImage& image) const override {
    return {{{float(image.decode({}).width) + float(d_)}}};
  }
  Matrix embed(std::span<const model::Sample> batch) override {
    Matrix vectors(batch.size(), d_);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      std::ranges::fill(vectors.row(i), 1.0f);
      vectors.row(i)[0] = batch[i].is_text() ? float(batch[i].text.size()) : batch[i].tensors.at(0).at(0);
    }
    return vectors;
  }

 private:
  std::size_t d_;
};

std::unique_ptr<model::Embedder> ensemble(double weight = 0.4) {
  std::vector<model::Member> members;
  members.push_back({std::make_unique<Fake>(2), 0.6});
  members.push_back({std::make_unique<Fake>(3), weight});
  return model::make_ensemble(std::move(members));
}

Matrix waves(std::size_t n, std::size_t d, double step) {
  Matrix matrix(n, d);
  for (std::size_t i = 0; i < matrix.data.size(); ++i) matrix.data[i] = float(std::sin(step * double(i + 1)));
  return matrix;
}

}  // namespace

TEST_CASE("the inner product of ensemble vectors is the weighted mean of the cosines") {
  const auto a = waves(6, 5, 0.7), b = waves(6, 9, 1.3);
  const std::array parts{a.view(), b.view()};
  const std::array weights{3.0, 1.0};
  const auto both = model::concatenate(parts, weights);
  REQUIRE(both.cols == 14);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) {
      const auto expected = 0.75 * cosine(a.row(i), a.row(j)) + 0.25 * cosine(b.row(i), b.row(j));
      CHECK(inner_product(both.row(i), both.row(j)) == Approx(expected).margin(1e-6));
    }
  }
}

TEST_CASE("an ensemble embeds as its members do") {
  const auto both = ensemble();
  CHECK(both->dimension() == 5);
  CHECK(both->precision() == Precision::bf16);
  image::LazyImage picture(image::Image{7, 1, {}});
  const std::array batch{both->prepare(picture), both->prepare(picture)};
  REQUIRE(batch[0].tensors.size() == 2);
  const auto vectors = both->embed(batch);
  REQUIRE(vectors.rows == 2);
  CHECK(vectors.row(0)[0] == Approx(std::sqrt(0.6) * 9 / std::sqrt(82)));
  CHECK(vectors.row(1)[2] == Approx(std::sqrt(0.4) * 10 / std::sqrt(102)));
  CHECK(inner_product(vectors.row(0), vectors.row(0)) == Approx(1));
}

TEST_CASE(
    "a member on a GPU gets pixels and another on the processor its tensor; the slower sets how many batches run") {
  /// Says the first pixel; takes two batches at once.
  struct OfPixels : Fake {
    OfPixels() : Fake(2) {}
    model::Sample prepare(image::LazyImage& image) const override { return {{{}}, {}, {image.decode({}).rgb}}; }
    int lanes() const override { return 2; }
    Matrix embed(std::span<const model::Sample> batch) override {
      Matrix vectors(batch.size(), 2);
      for (std::size_t i = 0; i < batch.size(); ++i) vectors.row(i)[1] = batch[i].pixels.at(0).at(0);
      return vectors;
    }
  };
  std::vector<model::Member> members;
  members.push_back({std::make_unique<Fake>(3), 0.5});
  members.push_back({std::make_unique<OfPixels>(), 0.5});
  const auto both = model::make_ensemble(std::move(members));
  CHECK(both->lanes() == 1);
  image::LazyImage pixel(image::Image{1, 1, {77, 0, 0}});
  const auto sample = both->prepare(pixel);
  CHECK(sample.tensors.size() == 2);
  const auto vectors = both->embed({&sample, 1});
  CHECK(vectors.row(0)[0] == Approx(std::sqrt(0.5) * 4 / std::sqrt(18)));
  CHECK(vectors.row(0)[3] == 0);
  CHECK(vectors.row(0)[4] == Approx(std::sqrt(0.5)));
}

TEST_CASE("the fingerprint of an ensemble follows members, order and proportion of weights") {
  const std::vector<std::string> ab{"a", "b"}, ba{"b", "a"};
  const auto of = [](const std::vector<std::string>& prints, std::vector<double> weights) {
    return model::ensemble_fingerprint(prints, weights);
  };
  const auto base = of(ab, {0.6, 0.4});
  CHECK(of(ab, {3, 2}) == base);
  CHECK(of(ba, {0.4, 0.6}) != base);
  CHECK(of(ab, {0.5, 0.5}) != base);
  CHECK(ensemble()->fingerprint() == of({"fake2", "fake3"}, {0.6, 0.4}));
}

TEST_CASE("members that do not go together are refused") {
  for (const double weight : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    const auto error = error_of([&] { ensemble(weight); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::usage);
  }
  CHECK(error_of([] { model::make_ensemble({}); })->code() == ErrorCode::usage);
  const auto endless = error_of([] {
    model::ensemble_fingerprint(std::array<std::string, 2>{}, std::array{1e308, 1e308});
  });
  REQUIRE(endless);
  CHECK(std::string(endless->what()) ==
        "the weights of an ensemble are too large: their sum is infinite. Write smaller ones");

  const auto a = waves(6, 5, 0.7), b = waves(5, 5, 0.7);
  const std::array parts{a.view(), b.view()};
  CHECK(error_of([&] { model::concatenate(parts, std::array{1.0, 1.0}); })->code() == ErrorCode::mismatch);
  CHECK(error_of([&] { model::concatenate(parts, std::array{1.0}); })->code() == ErrorCode::usage);
}
