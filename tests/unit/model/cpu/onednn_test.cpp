// Checks that oneDNN's products on tiles keep the promise on which the same vector for any batch size rests.
#include "matcher/model/cpu/onednn.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <random>

#include "matcher/model/cpu/block.hpp"

using namespace matcher;
using namespace matcher::model;

namespace {

constexpr std::int64_t most_rows = 600;

/// Random weights, packed, and values in bf16 to multiply with.
struct Operands {
  cpu::Team team{1};
  cpu::PackedLinear linear;
  std::vector<std::uint16_t> values;

  Operands(std::int64_t depth, std::int64_t columns)
      : linear(cpu::tile_kernels(),
               {{random(depth * columns, 1 / std::sqrt(float(depth))).data(), nullptr, columns, depth}}, team),
        values(std::size_t(most_rows * depth)) {
    cpu::tile_kernels().convert(random(most_rows * depth, 1).data(), most_rows * depth, values.data());
  }

  static std::vector<float> random(std::int64_t count, float spread) {
    std::mt19937 generator{unsigned(count)};
    std::normal_distribution<float> normal(0, spread);
    std::vector<float> numbers(static_cast<std::size_t>(count));
    for (auto& number : numbers) number = normal(generator);
    return numbers;
  }

  /// Multiplies all rows, `at_once` at a time.
  std::vector<float> multiply(std::int64_t at_once) const {
    std::vector<float> sums(std::size_t(most_rows * linear.columns()));
    auto product = linear.of(values.data(), most_rows);
    product.sum = sums.data();
    for (std::int64_t row = 0; row < most_rows; row += at_once)
      cpu::multiply_on_tiles(product, row, std::min(row + at_once, most_rows), 0);
    return sums;
  }
};

}  // namespace

TEST_CASE("a row's product on tiles has the same bits for any number of rows") {
  if (cpu::all_kernels(Precision::bf16).empty()) SKIP("this processor has no products in bf16");
  struct Size {
    std::int64_t depth, columns;
  };
  const auto [depth, columns] = GENERATE(Size{64, 288}, Size{320, 64}, Size{588, 768}, Size{768, 2304},
                                         Size{1024, 1024}, Size{3072, 768}, Size{4096, 1024}, Size{96, 40});
  const Operands operands(depth, columns);
  const auto expected = operands.multiply(most_rows);
  CHECK(std::ranges::any_of(expected, [](float sum) { return sum != 0; }));
  for (const std::int64_t rows : {1, 3, 15, 16, 17, 31, 50, 64, 77, 144, 176, 192, 197, 257, 300}) {
    INFO(rows << " rows of " << depth << " to " << columns);
    CHECK(operands.multiply(rows) == expected);
  }
}

TEST_CASE("bf16 is the fastest precision where there are tiles, and needs kernels elsewhere") {
  const auto fastest = cpu::fastest_precision();
  if (cpu::has_tiles()) CHECK(fastest == Precision::bf16);
  if (cpu::all_kernels(Precision::bf16).empty()) CHECK(fastest == Precision::fp32);
}
