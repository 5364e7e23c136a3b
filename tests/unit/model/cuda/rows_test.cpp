// The arithmetic of the kernels for GPUs, on the processor: with one lane a row, and with 32 as a warp has them.
#include <barrier>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <random>
#include <thread>
#include <vector>

namespace matcher::model::cuda {

inline float to_float(float value) { return value; }
template <class Value>
inline Value from_float(float value) {
  return value;
}

}  // namespace matcher::model::cuda

#include "matcher/model/cuda/rows.hpp"

namespace cuda = matcher::model::cuda;
using Catch::Matchers::WithinAbs;
using cuda::Activation;

namespace {

std::vector<float> random(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0.5f, 2);
  std::vector<float> numbers(count);
  for (auto& number : numbers) number = normal(generator);
  return numbers;
}

struct OneLane {
  static constexpr int count = 1;
  int number = 0;
  float sum(float value) const { return value; }
};

/// A thread of a warp: sum() returns when all lanes have called it.
struct Warp {
  std::barrier<> barrier{32};
  std::vector<float> given = std::vector<float>(32);
};

struct WarpLane {
  static constexpr int count = 32;
  int number;
  Warp* warp;
  float sum(float value) const {
    warp->given[std::size_t(number)] = value;
    warp->barrier.arrive_and_wait();
    float all = 0;
    for (const auto one : warp->given) all += one;
    warp->barrier.arrive_and_wait();
    return all;
  }
};

void run(const cuda::AddAndNorm& work, bool as_warp) {
  std::vector<float> own(std::size_t(work.width));
  for (std::int64_t row = 0; row < work.rows; ++row) {
    if (!as_warp) {
      cuda::add_and_norm_row<float>(work, row, OneLane{}, own.data());
      continue;
    }
    Warp warp;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 32; ++i)
      threads.emplace_back([&, i] { cuda::add_and_norm_row<float>(work, row, WarpLane{i, &warp}, own.data()); });
  }
}

/// Work of 3 rows with all inputs set, and room for the results.
struct Work {
  explicit Work(std::int64_t across, std::int64_t stride)
      : width(across),
        x(random(std::size_t(2 * stride + across), 1)),
        h(random(std::size_t(3 * across), 2)),
        bias(random(std::size_t(across), 3)),
        scale(random(std::size_t(across), 4)),
        weight(random(std::size_t(across), 5)),
        shift(random(std::size_t(across), 6)),
        sum(std::size_t(3 * across)),
        normed(std::size_t(3 * across)) {
    all = {x.data(),      stride,       h.data(), bias.data(), scale.data(), sum.data(), normed.data(),
           weight.data(), shift.data(), 1e-6f,    3,           across};
  }

  /// The sum by its definition.
  double at(std::int64_t row, std::int64_t c) const {
    double value = x[std::size_t(row * all.x_stride + c)];
    if (all.h == nullptr) return value;
    const auto more = h[std::size_t(row * width + c)] + (all.bias != nullptr ? double(bias[std::size_t(c)]) : 0);
    return value + more * (all.scale != nullptr ? double(scale[std::size_t(c)]) : 1);
  }

  void check() const {
    for (std::int64_t row = 0; row < 3; ++row) {
      double mean = 0, variance = 0;
      for (std::int64_t c = 0; c < width; ++c) mean += at(row, c) / double(width);
      for (std::int64_t c = 0; c < width; ++c) variance += (at(row, c) - mean) * (at(row, c) - mean) / double(width);
      for (std::int64_t c = 0; c < width; ++c) {
        const auto i = std::size_t(row * width + c), k = std::size_t(c);
        if (all.sum != nullptr) CHECK_THAT(sum[i], WithinAbs(at(row, c), 1e-5));
        const auto expected = (at(row, c) - mean) / std::sqrt(variance + 1e-6) * double(weight[k]) + double(shift[k]);
        CHECK_THAT(normed[i], WithinAbs(all.normed != nullptr ? expected : 0, 1e-4));
      }
    }
  }

  std::int64_t width;
  std::vector<float> x, h, bias, scale, weight, shift, sum, normed;
  cuda::AddAndNorm all;
};

}  // namespace

TEST_CASE("a sum and its norm equal their definitions") {
  const auto width = GENERATE(std::int64_t(1), std::int64_t(31), std::int64_t(64), std::int64_t(100));
  const bool as_warp = GENERATE(false, true);
  Work work(width, width + GENERATE(std::int64_t(0), std::int64_t(7)));
  SECTION("with everything") {}
  SECTION("with nothing to add") { work.all.h = nullptr; }
  SECTION("without bias and scale") { work.all.bias = work.all.scale = nullptr; }
  SECTION("without the sum") { work.all.sum = nullptr; }
  SECTION("without the norm") { work.all.normed = nullptr; }
  run(work.all, as_warp);
  work.check();
}

TEST_CASE("a sum may replace its input") {
  Work work(64, 64);
  auto kept = work;
  work.all.x = work.all.sum = work.x.data();
  run(work.all, true);
  kept.all.x = kept.x.data();
  for (std::int64_t i = 0; i < 3 * 64; ++i)
    CHECK_THAT(work.x[std::size_t(i)], WithinAbs(kept.at(i / 64, i % 64), 1e-5));
}

TEST_CASE("activations equal their definitions") {
  for (double x = -9; x <= 9; x += 0.37) {
    const auto of = [&](Activation activation) { return double(cuda::activated(float(x), activation)); };
    CHECK_THAT(of(Activation::gelu), WithinAbs(x * 0.5 * std::erfc(-x / std::sqrt(2.0)), 3e-6));
    CHECK_THAT(of(Activation::quick_gelu), WithinAbs(x / (1 + std::exp(-1.702 * x)), 3e-6));
    CHECK_THAT(
        of(Activation::gelu_tanh),
        WithinAbs(0.5 * x * (1 + std::tanh(std::sqrt(2 / 3.14159265358979) * (x + 0.044715 * x * x * x))), 3e-6));
    CHECK_THAT(of(Activation::silu), WithinAbs(x / (1 + std::exp(-x)), 3e-6));
    CHECK_THAT(of(Activation::relu), WithinAbs(std::max(x, 0.0), 3e-6));
  }
}
