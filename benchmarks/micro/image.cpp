// Benchmarks of the steps from a file to the input of a network, for photos of a web shop and of a phone.
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

#include "matcher/image/image.hpp"
#include "matcher/image/lazy_image.hpp"
#include "matcher/image/preprocess.hpp"

namespace {

using namespace matcher::image;
using Clock = std::chrono::steady_clock;

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Draws smooth and rough parts, so that the JPEG is as large as that of a photo.
Image photo(int width, int height) {
  Image image{width, height, {}};
  image.rgb.resize(std::size_t(3) * std::size_t(width) * std::size_t(height));
  std::uint32_t noise = 1;
  for (int y = 0; y < height; ++y) {
    auto* row = image.row(y);
    for (int x = 0; x < width; ++x) {
      noise = noise * 1664525u + 1013904223u;
      for (int c = 0; c < 3; ++c)
        *row++ = std::uint8_t((x * 160 / width + y * (40 + 10 * c) / height) + int(noise >> 28));
    }
  }
  return image;
}

Image photo_of(const benchmark::State& state) { return photo(int(state.range(0)), int(state.range(1))); }

void decode_jpeg(benchmark::State& state) {
  const auto bytes = encode_jpeg(photo_of(state), 90);
  for (auto _ : state) benchmark::DoNotOptimize(decode(bytes, true).rgb.data());
}

Preprocess preprocess() {
  Preprocess steps;
  steps.resize_shortest_edge = 256;
  steps.filter = Filter::bicubic;
  steps.crop = {224, 224};
  return steps;
}

void resize(benchmark::State& state) {
  const auto image = photo_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(resize_and_crop(image, preprocess()).rgb.data());
}

void planar(benchmark::State& state) {
  const auto image = photo(224, 224);
  std::vector<float> values(image.rgb.size());
  for (auto _ : state) to_planar(image, preprocess(), values);
}

/// All steps of a photo of a phone, decoded as the argument says. The counters are shares of the time.
void phone_photo(benchmark::State& state, Decode decode) {
  const auto bytes = encode_jpeg(photo(4032, 3024), 90);
  auto steps = preprocess();
  steps.decode = decode;
  std::vector<float> values(std::size_t(3) * 224 * 224);
  double seconds[3] = {};
  for (auto _ : state) {
    LazyImage file(bytes);
    const std::array starts{Clock::now(), (file.decode(steps), Clock::now())};
    const auto small = resize_and_crop(file.decode(steps), steps);
    const auto resized = Clock::now();
    to_planar(small, steps, values);
    seconds[0] += seconds_between(starts[0], starts[1]);
    seconds[1] += seconds_between(starts[1], resized);
    seconds[2] += seconds_between(resized, Clock::now());
  }
  const auto all = seconds[0] + seconds[1] + seconds[2];
  state.counters["decode"] = seconds[0] / all;
  state.counters["resize"] = seconds[1] / all;
  state.counters["normalise"] = seconds[2] / all;
}

BENCHMARK_CAPTURE(phone_photo, exact, Decode::exact)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(phone_photo, fast, Decode::fast)->Unit(benchmark::kMillisecond);
BENCHMARK(decode_jpeg)->Args({348, 464})->Args({3024, 4032})->Unit(benchmark::kMillisecond);
BENCHMARK(resize)->Args({348, 464})->Args({3024, 4032})->Unit(benchmark::kMillisecond);
BENCHMARK(planar)->Unit(benchmark::kMillisecond);

}  // namespace
