// Random numbers from integers, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace matcher::demo {

/// splitmix64. Draw into named variables or a braced list: the compiler chooses the order of function arguments.
class Random {
 public:
  /// Every key has a stream of its own, so that a change of one photo leaves the others as they are.
  Random(std::initializer_list<std::uint64_t> key) {
    for (const std::uint64_t part : key) state_ = next() + part;
  }

  std::uint64_t next() {
    std::uint64_t x = state_ += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }

  /// 0 to count - 1.
  int below(int count) { return int((next() >> 32) * std::uint64_t(count) >> 32); }

  /// At least `low`, less than `high`. A float holds 24 random bits exactly.
  float between(float low, float high) { return low + (high - low) * (float(next() >> 40) * (1.0f / 16777216)); }
  bool chance(float probability) { return between(0, 1) < probability; }

  template <class List>
  const auto& pick(const List& list) {
    return list[std::size_t(below(int(list.size())))];
  }

 private:
  std::uint64_t state_ = 0;
};

}  // namespace matcher::demo
