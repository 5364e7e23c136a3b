// Integer random numbers that are the same on every machine; one stream for each thing drawn, so that nothing shifts
// when something else is added.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace matcher::demo {

/// What a stream is for. Append only: the values are part of the photos.
enum class Stream : std::uint64_t { family = 1, partition = 2, gallery = 3, query = 4, decor = 5 };

/// The finaliser of splitmix64: every bit of the result depends on every bit of `x`.
constexpr std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// splitmix64. Draw into named variables or a braced list: the order of function arguments is the compiler's choice.
class Random {
 public:
  Random(std::uint64_t seed, Stream stream, std::uint64_t number = 0, std::uint64_t view = 0) {
    for (const std::uint64_t part : {seed, static_cast<std::uint64_t>(stream), number, view}) {
      state_ = scramble(state_ + part + step);
    }
  }

  std::uint64_t next() { return scramble(state_ += step); }

  /// 0 to count - 1.
  int below(int count) { return static_cast<int>((next() >> 32) * static_cast<std::uint64_t>(count) >> 32); }

  /// 0 up to but not including 1; 24 bits, exact in a float.
  float unit() { return static_cast<float>(next() >> 40) * (1.0f / 16777216.0f); }

  float between(float low, float high) { return low + (high - low) * unit(); }

  bool chance(float probability) { return unit() < probability; }

  template <class T, std::size_t N>
  const T& pick(const std::array<T, N>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(N)))];
  }

 private:
  static constexpr std::uint64_t step = 0x9e3779b97f4a7c15ULL;
  std::uint64_t state_ = 0;
};

}  // namespace matcher::demo
