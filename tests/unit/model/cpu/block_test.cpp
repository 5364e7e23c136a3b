// Compares the block with its definition in double precision.
#include "matcher/model/cpu/block.hpp"
#include "matcher/model/cpu/patches.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <tuple>

using namespace matcher;
using namespace matcher::model;
using cpu::Activation;

namespace {

using Numbers = std::vector<double>;

std::vector<float> random(std::int64_t count, double spread, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal(0, spread);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (auto& number : numbers) number = float(normal(generator));
  return numbers;
}

double activated(double x, Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return x * 0.5 * std::erfc(-x / std::sqrt(2.0));
    case Activation::quick_gelu:
      return x / (1 + std::exp(-1.702 * x));
    case Activation::gelu_tanh:
      return x * 0.5 * (1 + std::tanh(std::sqrt(2 / 3.141592653589793) * (x + 0.044715 * x * x * x)));
    case Activation::silu:
      return x / (1 + std::exp(-x));
    case Activation::relu:
      return std::max(x, 0.0);
    case Activation::none:
      break;
  }
  return x;
}

/// A block with random weights.
struct Plain {
  std::int64_t width, heads, hidden;
  Activation activation = Activation::gelu;
  bool bias = true, gated = false, normed_inside = false;
  std::vector<float> angles;  ///< [t, width / heads / 2]; empty: no rotary positions
  std::vector<float> query, key, value, output, enter, leave, shift, norm, scale, gate, inner;

  Plain(std::int64_t w, std::int64_t h, std::int64_t inside)
      : width(w),
        heads(h),
        hidden(inside),
        query(square(1)),
        key(square(2)),
        value(square(3)),
        output(square(4)),
        enter(random(w * inside, 1 / std::sqrt(double(w)), 5)),
        leave(random(w * inside, 1 / std::sqrt(double(inside)), 6)),
        shift(random(std::max(w, inside), 0.3, 7)),
        norm(random(w, 1, 8)),
        scale(random(w, 0.7, 9)),
        gate(random(w * inside, 1 / std::sqrt(double(w)), 10)),
        inner(random(std::max(w, inside), 1, 21)) {}

  std::vector<float> square(unsigned seed) const { return random(width * width, 1 / std::sqrt(double(width)), seed); }

  cpu::Block packed(const cpu::Kernels& kernels) const {
    const auto team = std::make_unique<cpu::Team>(2);
    const auto linear = [&](const std::vector<float>& weight, std::int64_t columns, std::int64_t depth,
                            bool biased = true) {
      return cpu::LinearWeights{weight.data(), biased ? shift.data() : nullptr, columns, depth};
    };
    const cpu::NormWeights both{norm.data(), shift.data()};
    const auto inside = normed_inside ? cpu::NormWeights{inner.data(), shift.data()} : cpu::NormWeights{};
    return cpu::Block(kernels, {heads, 1e-5f, activation},
                      {both, both, linear(query, width, width, bias), linear(key, width, width, bias),
                       linear(value, width, width, bias), linear(output, width, width), linear(enter, hidden, width),
                       linear(leave, width, hidden), scale.data(), nullptr,
                       gated ? linear(gate, hidden, width) : cpu::LinearWeights{}, inside, inside},
                      *team);
  }

  Numbers normed(const Numbers& x, std::int64_t columns, const std::vector<float>& weight) const {
    Numbers y(x.size());
    for (std::size_t row = 0; row < x.size(); row += std::size_t(columns)) {
      double mean = 0, variance = 0;
      for (std::int64_t i = 0; i < columns; ++i) mean += x[row + i] / double(columns);
      for (std::int64_t i = 0; i < columns; ++i)
        variance += (x[row + i] - mean) * (x[row + i] - mean) / double(columns);
      for (std::int64_t i = 0; i < columns; ++i)
        y[row + i] = (x[row + i] - mean) / std::sqrt(variance + 1e-5) * weight[i] + shift[i];
    }
    return y;
  }

  Numbers normed(const Numbers& x) const { return normed(x, width, norm); }
  Numbers normed_if_inside(const Numbers& x, std::int64_t columns) const {
    return normed_inside ? normed(x, columns, inner) : x;
  }

  Numbers linear(const Numbers& x, const std::vector<float>& weight, std::int64_t columns, bool biased = true) const {
    const auto depth = std::int64_t(weight.size()) / columns, rows = std::int64_t(x.size()) / depth;
    Numbers y(std::size_t(rows * columns));
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        double sum = biased ? shift[c] : 0;
        for (std::int64_t k = 0; k < depth; ++k) sum += x[r * depth + k] * weight[c * depth + k];
        y[r * columns + c] = sum;
      }
    }
    return y;
  }

  /// Turns the pairs (i, i + half) of each head.
  Numbers turned(Numbers x, std::int64_t t) const {
    if (angles.empty()) return x;
    const auto inside = width / heads, half = inside / 2;
    for (std::int64_t row = 0; row < std::int64_t(x.size()) / width; ++row) {
      for (std::int64_t i = 0; i < width; ++i) {
        if (i % inside >= half) continue;
        const auto angle = double(angles[row % t * half + i % inside]);
        auto &a = x[row * width + i], &b = x[row * width + i + half];
        std::tie(a, b) =
            std::pair(a * std::cos(angle) - b * std::sin(angle), b * std::cos(angle) + a * std::sin(angle));
      }
    }
    return x;
  }

  Numbers attended(const Numbers& x, std::int64_t t, const float* mask) const {
    const auto q = turned(linear(x, query, width, bias), t), k = turned(linear(x, key, width, bias), t),
               v = linear(x, value, width, bias);
    const auto inside = width / heads, rows = std::int64_t(x.size()) / width;
    Numbers y(x.size());
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t first = 0; first < width; first += inside) {
        const auto picture = row / t * t;
        Numbers weights(static_cast<std::size_t>(t));
        double sum = 0;
        for (std::int64_t other = 0; other < t; ++other) {
          double score = 0;
          for (std::int64_t i = first; i < first + inside; ++i)
            score += q[row * width + i] * k[(picture + other) * width + i];
          score /= std::sqrt(double(inside));
          if (mask != nullptr) score += mask[(row - picture) * t + other];
          sum += weights[other] = std::exp(score);
        }
        for (std::int64_t other = 0; other < t; ++other)
          for (std::int64_t i = first; i < first + inside; ++i)
            y[row * width + i] += weights[other] / sum * v[(picture + other) * width + i];
      }
    }
    return y;
  }

  Numbers run(const std::vector<float>& input, std::int64_t t, const float* mask) const {
    Numbers x(input.begin(), input.end());
    const auto add = [&](const Numbers& h, bool scaled) {
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += h[i] * (scaled ? scale[i % std::size_t(width)] : 1);
    };
    add(linear(normed_if_inside(attended(normed(x), t, mask), width), output, width), true);
    auto h = linear(normed(x), gated ? gate : enter, hidden);
    for (auto& number : h) number = activated(number, activation);
    const auto up = linear(normed(x), enter, hidden);
    for (std::size_t i = 0; gated && i < h.size(); ++i) h[i] *= up[i];
    add(linear(normed_if_inside(h, hidden), leave, width), false);
    return x;
  }
};

std::vector<float> run(const cpu::Block& block, const std::vector<float>& x, std::int64_t n, std::int64_t t,
                       const float* mask = nullptr, int threads = 3) {
  std::vector<float> y(x.size());
  cpu::Workspace space(threads);
  block.run(x.data(), n, t, {.mask = mask}, t, y.data(), space);
  return y;
}

double largest_difference(const std::vector<float>& a, const Numbers& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::isfinite(a[i]) ? std::abs(a[i] - b[i]) : 1e9);
  return most;
}

struct Tested {
  Precision precision;
  const cpu::Kernels& kernels;
};

/// Runs a test with each compilation; skips those whose instructions this processor lacks.
Tested tested() {
  const auto [precision, nth] = GENERATE(std::pair(Precision::fp32, 0u), std::pair(Precision::fp32, 1u),
                                         std::pair(Precision::bf16, 0u), std::pair(Precision::bf16, 1u));
  const auto all = cpu::all_kernels(precision);
  if (nth >= all.size()) SKIP("this processor has " << all.size() << " ways to compute in " << to_string(precision));
  UNSCOPED_INFO(all[nth]->instructions);
  return {precision, *all[nth]};
}

double allowed(Precision precision) { return precision == Precision::fp32 ? 2e-5 : 0.06; }

}  // namespace

TEST_CASE("a block equals its definition") {
  const auto [precision, kernels] = tested();
  struct Size {
    std::int64_t width, heads, hidden, n, t;
  };
  // Widths, tokens and heads that are and are not whole tiles, panels and vectors.
  const auto size =
      GENERATE(Size{64, 1, 256, 1, 50}, Size{96, 3, 200, 3, 33}, Size{48, 3, 96, 2, 7}, Size{40, 2, 36, 1, 1});
  const Plain plain(size.width, size.heads, size.hidden);
  const auto x = random(size.n * size.t * size.width, 1, 11);
  CHECK(largest_difference(run(plain.packed(kernels), x, size.n, size.t), plain.run(x, size.t, nullptr)) <
        allowed(precision));
}

TEST_CASE("a block takes every activation") {
  const auto [precision, kernels] = tested();
  Plain plain(64, 2, 128);
  plain.bias = false;
  plain.activation =
      GENERATE(Activation::gelu, Activation::quick_gelu, Activation::gelu_tanh, Activation::silu, Activation::relu);
  auto x = random(5 * 64, 1, 12);
  CHECK(largest_difference(run(plain.packed(kernels), x, 1, 5), plain.run(x, 5, nullptr)) < allowed(precision));
}

TEST_CASE("a block applies its mask") {
  const auto [precision, kernels] = tested();
  constexpr std::int64_t t = 19;
  std::vector<float> mask(t * t, 0);
  for (std::int64_t i = 0; i < t; ++i)
    for (std::int64_t k = i + 1; k < t; ++k) mask[i * t + k] = -std::numeric_limits<float>::infinity();
  const Plain plain(64, 4, 128);
  const auto x = random(2 * t * 64, 1, 13);
  CHECK(largest_difference(run(plain.packed(kernels), x, 2, t, mask.data()), plain.run(x, t, mask.data())) <
        allowed(precision));
}

TEST_CASE("a gate multiplies the perceptron's values") {
  const auto [precision, kernels] = tested();
  // The second has hidden values in several parts, the last of which is no whole panel.
  Plain plain(64, 2, GENERATE(std::int64_t(136), std::int64_t(2200)));
  plain.gated = true;
  plain.activation = Activation::silu;
  const auto x = random(3 * 21 * 64, 1, 18);
  CHECK(largest_difference(run(plain.packed(kernels), x, 3, 21), plain.run(x, 21, nullptr)) < allowed(precision));
}

TEST_CASE("values may be normalised before the products that leave attention and the perceptron") {
  const auto [precision, kernels] = tested();
  // The second would have hidden values in several parts, but a norm needs whole rows.
  Plain plain(64, 2, GENERATE(std::int64_t(138), std::int64_t(2200)));
  plain.gated = GENERATE(false, true);
  plain.normed_inside = true;
  plain.activation = Activation::silu;
  constexpr std::int64_t t = 37, n = 2;
  const auto block = plain.packed(kernels);
  const auto x = random(n * t * 64, 1, 22);
  const auto y = run(block, x, n, t);
  CHECK(largest_difference(y, plain.run(x, t, nullptr)) < allowed(precision));
  std::vector<float> first(std::size_t(n * 64));
  cpu::Workspace space(3);
  block.run(x.data(), n, t, {}, 1, first.data(), space);
  for (std::int64_t image = 0; image < n; ++image)
    CHECK(std::equal(first.begin() + image * 64, first.begin() + (image + 1) * 64, y.begin() + image * t * 64));
}

TEST_CASE("queries and keys turn by the angles of their token") {
  const auto [precision, kernels] = tested();
  constexpr std::int64_t t = 21, n = 3;
  // Half a head is and is not a whole vector.
  const auto heads = GENERATE(std::int64_t(2), std::int64_t(3));
  constexpr std::int64_t width = 96;
  Plain plain(width, heads, 128);
  plain.angles = random(t * width / heads / 2, 2, 19);
  std::vector<float> cosines, sines;
  for (const auto angle : plain.angles) {
    cosines.push_back(std::cos(angle));
    sines.push_back(std::sin(angle));
  }
  const auto block = plain.packed(kernels);
  const auto x = random(n * t * width, 1, 20);
  std::vector<float> y(x.size()), first(std::size_t(n * width));
  cpu::Workspace space(3);
  const cpu::Positions positions{.cosines = cosines.data(), .sines = sines.data()};
  block.run(x.data(), n, t, positions, t, y.data(), space);
  CHECK(largest_difference(y, plain.run(x, t, nullptr)) < allowed(precision));
  block.run(x.data(), n, t, positions, 1, first.data(), space);
  for (std::int64_t image = 0; image < n; ++image)
    CHECK(
        std::equal(first.begin() + image * width, first.begin() + (image + 1) * width, y.begin() + image * t * width));
}

TEST_CASE("the first tokens alone equal those of all tokens, to the last bit") {
  const auto& kernels = tested().kernels;
  // 48 and 40 are no whole panels: keys lie beside queries in one.
  const auto width = GENERATE(std::int64_t(64), std::int64_t(48), std::int64_t(40));
  constexpr std::int64_t t = 29, n = 3;
  const auto block = Plain(width, 2, 128).packed(kernels);
  const auto x = random(n * t * width, 1, 15);
  const auto whole = run(block, x, n, t);
  std::vector<float> first(std::size_t(n * width));
  cpu::Workspace space(3);
  block.run(x.data(), n, t, {}, 1, first.data(), space);
  for (std::int64_t picture = 0; picture < n; ++picture)
    CHECK(std::equal(first.begin() + picture * width, first.begin() + (picture + 1) * width,
                     whole.begin() + picture * t * width));
}

TEST_CASE("an image's result does not depend on the other images, nor on the threads") {
  const auto& kernels = tested().kernels;
  struct Size {
    std::int64_t t, width, hidden, n;
  };
  // The second has more tokens than are attended together, and hidden values in several parts.
  const auto [t, width, hidden, n] = GENERATE(Size{29, 64, 128, 11}, Size{145, 96, 2200, 3});
  const auto block = Plain(width, 2, hidden).packed(kernels);
  const auto x = random(n * t * width, 1, 14);
  const auto together = run(block, x, n, t);
  for (std::int64_t i = 0; i < n; ++i) {
    const auto first = i * t * width, last = first + t * width;
    const auto alone = run(block, {x.begin() + first, x.begin() + last}, 1, t, nullptr, int(i) + 1);
    CHECK(std::equal(alone.begin(), alone.end(), together.begin() + first));
  }
}

TEST_CASE("patches equal a convolution whose stride is its size") {
  const auto [precision, kernels] = tested();
  // The larger side has more inputs than one product on tiles takes.
  const auto side = GENERATE(std::int64_t(4), std::int64_t(32));
  const std::int64_t width = 24, height = 2 * side + 2, across = 3 * side + 1, n = 2, depth = 3 * side * side;
  const auto weight = random(width * depth, 1 / std::sqrt(double(depth)), 15), bias = random(width, 1, 16),
             pictures = random(n * 3 * height * across, 1, 17);
  cpu::Workspace space(3);
  const cpu::Patches patches(kernels, {weight.data(), bias.data(), width, depth}, side, space.team);
  const std::int64_t rows = height / side, columns = across / side;
  std::vector<float> tokens(std::size_t(n * rows * columns * width));
  patches.run(pictures.data(), n, height, across, tokens.data(), space);
  Numbers expected;
  for (std::int64_t token = 0; token < n * rows * columns; ++token) {
    const auto picture = token / (rows * columns), top = token / columns % rows * side, left = token % columns * side;
    for (std::int64_t out = 0; out < width; ++out) {
      double sum = bias[out];
      for (std::int64_t k = 0; k < depth; ++k) {
        const auto channel = k / (side * side), y = top + k / side % side, x = left + k % side;
        sum += double(weight[out * depth + k]) * pictures[((picture * 3 + channel) * height + y) * across + x];
      }
      expected.push_back(sum);
    }
  }
  CHECK(largest_difference(tokens, expected) < allowed(precision));
}

TEST_CASE("threads that compute unequal parts of the hidden values do not disturb each other") {
  const auto& kernels = tested().kernels;
  constexpr std::int64_t n = 3, t = 145, width = 96, hidden = 2200;  // parts of 768, 768 and 664 values
  const auto block = Plain(width, 2, hidden).packed(kernels);
  const auto x = random(n * t * width, 1, 14);
  const auto alone = run(block, x, n, t, nullptr, 1);
  for (int again = 0; again < 20; ++again) CHECK(run(block, x, n, t, nullptr, 2 + again % 2) == alone);
}
