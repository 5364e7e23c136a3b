// Compares the attention pool with its definition, which projects every token, in double precision.
#include "matcher/model/cpu/pool.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <random>

using namespace matcher;
using namespace matcher::model;

namespace {

constexpr std::int64_t width = 24, heads = 3, head = width / heads, hidden = 40, n = 3, t = 7;

std::vector<float> random(std::int64_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0, 0.4f);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (auto& number : numbers) number = normal(generator);
  return numbers;
}

struct Linear {
  std::vector<float> weight, bias;
  Linear(std::int64_t out, std::int64_t in, unsigned seed)
      : weight(random(out * in, seed)), bias(random(out, seed + 50)) {}

  std::vector<double> operator()(const std::vector<double>& x) const {
    std::vector<double> y(bias.begin(), bias.end());
    for (std::size_t row = 0; row < y.size(); ++row)
      for (std::size_t i = 0; i < x.size(); ++i) y[row] += double(weight[row * x.size() + i]) * x[i];
    return y;
  }
  cpu::LinearWeights weights() const {
    return {weight.data(), bias.data(), std::int64_t(bias.size()), std::int64_t(weight.size() / bias.size())};
  }
};

struct Plain {
  Linear query{width, width, 1}, key{width, width, 2}, value{width, width, 3}, output{width, width, 4},
      enter{hidden, width, 5}, leave{width, hidden, 6};
  std::vector<float> probe = random(width, 7), scale = random(width, 8), shift = random(width, 9);

  cpu::Pool packed(cpu::Team& team) const {
    return {*cpu::kernels(Precision::fp32),
            {heads, 1e-6f, cpu::Activation::relu},
            {probe.data(), query.weights(), key.weights(), value.weights(), output.weights(), enter.weights(),
             leave.weights(), cpu::NormWeights{scale.data(), shift.data()}},
            team};
  }

  std::vector<double> attended(const float* x) const {
    const auto q = query({probe.begin(), probe.end()});
    std::vector<double> sums(width, 0);
    for (std::int64_t h = 0; h < heads; ++h) {
      double all = 0;
      for (std::int64_t token = 0; token < t; ++token) {
        const std::vector<double> own(x + token * width, x + (token + 1) * width);
        const auto k = key(own), v = value(own);
        double score = 0;
        for (auto i = h * head; i < (h + 1) * head; ++i) score += q[i] * k[i] / std::sqrt(double(head));
        all += std::exp(score);
        for (auto i = h * head; i < (h + 1) * head; ++i) sums[i] += std::exp(score) * v[i];
      }
      for (auto i = h * head; i < (h + 1) * head; ++i) sums[i] /= all;
    }
    return sums;
  }

  std::vector<double> run(const float* x) const {
    auto y = output(attended(x));
    double mean = 0, variance = 1e-6;
    for (const auto number : y) mean += number / width;
    for (const auto number : y) variance += (number - mean) * (number - mean) / width;
    std::vector<double> h;
    for (std::size_t i = 0; i < y.size(); ++i) h.push_back((y[i] - mean) / std::sqrt(variance) * scale[i] + shift[i]);
    h = enter(h);
    for (auto& number : h) number = std::max(number, 0.0);
    h = leave(h);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += h[i];
    return y;
  }
};

}  // namespace

TEST_CASE("a pool equals its definition, and an image's result does not depend on the others") {
  if (cpu::kernels(Precision::fp32) == nullptr) SKIP("this processor has no instructions for fp32 kernels");
  const Plain plain;
  cpu::Workspace space(2);
  const auto pool = plain.packed(space.team);
  const auto x = random(n * t * width, 10);
  std::vector<float> together(n * width), alone(width);
  pool.run(x.data(), n, t, together.data(), space);
  for (std::int64_t image = 0; image < n; ++image) {
    const auto* own = x.data() + image * t * width;
    const auto wanted = plain.run(own);
    for (std::int64_t i = 0; i < width; ++i) CHECK(std::abs(together[image * width + i] - wanted[i]) < 1e-5);
    pool.run(own, 1, t, alone.data(), space);
    CHECK(std::equal(alone.begin(), alone.end(), together.begin() + image * width));
  }
}
