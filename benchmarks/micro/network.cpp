// Benchmarks of the four named networks on one core, and of a large product in the same precision: the share of the
// processor's matrix rate that a network reaches. Rates are per second of CPU time, so other work does not count.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "matcher/model/cpu/block.hpp"
#include "matcher/model/cpu/patches.hpp"

namespace {

using matcher::Precision;
namespace cpu = matcher::model::cpu;

struct Shape {
  const char* name;
  std::int64_t width, heads, layers, patch;
  cpu::Activation activation;
  std::int64_t images;  ///< per batch, as in embed
  std::int64_t grid() const { return 224 / patch; }
  std::int64_t tokens() const { return grid() * grid() + 1; }
};

constexpr Shape shapes[]{{"dinov2-base", 768, 12, 12, 14, cpu::Activation::gelu, 4},
                         {"dinov2-large", 1024, 16, 24, 14, cpu::Activation::gelu, 4},
                         {"clip-vit-l-14", 1024, 16, 24, 14, cpu::Activation::quick_gelu, 4},
                         {"clip-vit-b-32", 768, 12, 12, 32, cpu::Activation::quick_gelu, 20}};

std::vector<float> random(std::int64_t count, float spread) {
  std::mt19937 generator(7);
  std::normal_distribution<float> normal(0, spread);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (auto& number : numbers) number = normal(generator);
  return numbers;
}

void count(benchmark::State& state, double operations, std::int64_t images = 0) {
  state.counters["FLOP/s"] =
      benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
  if (images > 0)
    state.counters["images/s"] = benchmark::Counter(double(images), benchmark::Counter::kIsIterationInvariantRate);
}

/// Each layer has its own copy of the weights in memory, as in a network. The values do not matter.
void network(benchmark::State& state, const Shape& shape, const cpu::Kernels* kernels) {
  const auto d = shape.width, hidden = 4 * d, rows = shape.images * shape.tokens(),
             depth = 3 * shape.patch * shape.patch;
  const auto weights = random(d * hidden, 0.03f), shift = random(hidden, 0.1f), norm = random(d, 1);
  const auto linear = [&](std::int64_t columns, std::int64_t in) {
    return cpu::LinearWeights{weights.data(), shift.data(), columns, in};
  };
  const cpu::NormWeights both{norm.data(), shift.data()};
  cpu::Workspace space(1);
  std::vector<cpu::Block> blocks;
  for (std::int64_t i = 0; i < shape.layers; ++i)
    blocks.emplace_back(*kernels, cpu::BlockKind{shape.heads, 1e-6f, shape.activation},
                        cpu::BlockWeights{both, both, linear(d, d), linear(d, d), linear(d, d), linear(d, d),
                                          linear(hidden, d), linear(d, hidden)},
                        space.team);
  const cpu::Patches patches(*kernels, linear(d, depth), shape.patch, space.team);
  const auto images = random(shape.images * 3 * 224 * 224, 1), start = random(rows * d, 1);
  std::vector<float> x(start.size()), y(start.size());
  for (auto _ : state) {
    patches.run(images.data(), shape.images, 224, 224, y.data(), space);
    x = start;
    for (const auto& block : blocks) {
      block.run(x.data(), shape.images, shape.tokens(), {}, shape.tokens(), y.data(), space);
      std::swap(x, y);
    }
    benchmark::DoNotOptimize(x.data());
  }
  const auto in_layer =
      2.0 * double(rows) * double(4 * d * d + 2 * d * hidden) + 4.0 * double(rows) * double(shape.tokens()) * double(d);
  count(state, in_layer * double(shape.layers) + 2.0 * double(shape.images * shape.grid() * shape.grid() * d * depth),
        shape.images);
}

/// The rate of the processor: the largest rate of these sizes counts.
void matrix(benchmark::State& state, const cpu::Kernels* kernels) {
  const auto rows = state.range(0), columns = state.range(1), depth = state.range(2);
  const auto weights = random(columns * depth, 0.03f), numbers = random(rows * depth, 1);
  cpu::Team team(1);
  const cpu::PackedLinear packed(*kernels, {{weights.data(), nullptr, columns, depth}}, team);
  cpu::Buffer values(std::size_t(rows * depth * kernels->value_bytes)),
      out(std::size_t(rows * columns * kernels->value_bytes));
  kernels->convert(numbers.data(), rows * depth, values.data());
  auto product = packed.of(values.data(), rows);
  product.values = out.data();
  const auto panels = kernels->all_columns ? 1 : cpu::panels_of(columns);
  for (auto _ : state)
    for (std::int64_t panel = 0; panel < panels; ++panel) kernels->multiply(product, 0, rows, panel);
  count(state, 2.0 * double(rows) * double(columns) * double(depth));
}

void add(Precision precision, const cpu::Kernels* kernels) {
  const auto suffix = '/' + matcher::to_string(precision) + '/' + kernels->instructions;
  benchmark::RegisterBenchmark(("matrix" + suffix).c_str(), matrix, kernels)
      ->Args({1028, 4096, 1024})
      ->Args({1028, 1024, 4096})
      ->Args({1020, 1024, 256})
      ->Unit(benchmark::kMillisecond);
  for (const auto& shape : shapes)
    benchmark::RegisterBenchmark((std::string("network/") + shape.name + suffix).c_str(), network, shape, kernels)
        ->Unit(benchmark::kMillisecond);
}

const int registered = [] {
  for (const auto precision : {Precision::bf16, Precision::fp32}) {
    for (const auto* kernels : cpu::all_kernels(precision)) add(precision, kernels);
  }
  return 0;
}();

}  // namespace
