#include "matcher/index/file/checked_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace matcher::index {
namespace {

constexpr float largest_value = 1e12f;  ///< vectors have length 1; whitening makes longer ones

[[noreturn]] void fail(const std::string& reason) { throw InvalidStructure(reason); }

}  // namespace

Size product(Size a, Size b) {
  Size result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<Size>::max() : result;
}

void require(bool holds, const char* reason) {
  if (!holds) fail(reason);
}

void require_equal(Size value, Size wanted, const char* what) {
  if (value != wanted) fail(fmt::format("{} is {}, not {}", what, value, wanted));
}

void require_between(std::int64_t value, std::int64_t low, std::int64_t high, const char* what) {
  if (value < low || value > high) fail(fmt::format("{} is {}, not {} to {}", what, value, low, high));
}

void CheckedReader::require_rest(Size count, Size size) const {
  if (product(count, size) > in_.rest())
    fail(fmt::format("it claims {} values of {} bytes, but {} bytes remain", count, size, in_.rest()));
}

bool CheckedReader::read_flag() {
  const auto value = read<std::uint8_t>();
  require(value <= 1, "a flag is neither 0 nor 1");
  return value != 0;
}

std::string CheckedReader::read_mark() {
  std::string mark(4, ' ');
  read_bytes(mark.data(), mark.size());
  for (auto& c : mark) c = c > ' ' && c <= '~' ? c : '?';
  return mark;
}

Size CheckedReader::read_length(Size size) {
  const auto length = read<Size>();
  require_rest(length, size);
  return length;
}

Size CheckedReader::read_length(Size size, Size wanted, const char* what) {
  const auto length = read_length(size);
  require_equal(length, wanted, what);
  return length;
}

void CheckedReader::read_floats(Size count) {
  bool sound = true;  // one decision for all: files have gigabytes of values
  for_each<float>(count, [&](float v) { sound &= std::abs(v) <= largest_value; });
  require(sound, "a value is too large or not finite");
}

void CheckedReader::skip(Size bytes) {
  require_rest(bytes, 1);
  while (bytes > 0) {
    const auto skipped = in_.next(bytes).size();
    if (skipped == 0) fail("it ends too early");
    bytes -= skipped;
  }
}

void CheckedReader::read_bytes(void* into, Size size) {
  for (auto* at = static_cast<std::byte*>(into); size > 0;) {
    const auto bytes = in_.next(size);
    if (bytes.empty()) fail("it ends too early");
    at = std::ranges::copy(bytes, at).out;
    size -= bytes.size();
  }
}

}  // namespace matcher::index
