#include "matcher/model/text/byte_characters.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace matcher::model {
namespace {

bool is_printable(int byte) { return (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte != 0xad); }

std::string utf8_below_0x800(int point) {
  if (point < 0x80) return {char(point)};
  return {char(0xc0 | point >> 6), char(0x80 | (point & 0x3f))};
}

}  // namespace

const std::array<std::string, 256>& byte_characters() {
  static const auto characters = [] {
    std::array<std::string, 256> result;
    int next = 0x100;
    for (int byte = 0; byte < 256; ++byte)
      result[std::size_t(byte)] = utf8_below_0x800(is_printable(byte) ? byte : next++);
    return result;
  }();
  return characters;
}

std::vector<int> bytes_by_id() {
  std::vector<int> bytes(256);
  std::iota(bytes.begin(), bytes.end(), 0);
  std::stable_partition(bytes.begin(), bytes.end(), is_printable);
  return bytes;
}

}  // namespace matcher::model
