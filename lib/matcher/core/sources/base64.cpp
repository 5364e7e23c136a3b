#include "matcher/core/base64.hpp"

#include <cstdint>

namespace matcher {

void append_base64(std::string& out, std::span<const std::byte> bytes) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto at = [&](std::size_t i) { return i < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i]) : 0u; };
  const auto start = out.size();
  out.resize(start + (bytes.size() + 2) / 3 * 4);
  char* next = out.data() + start;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto three = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    *next++ = digits[three >> 18];
    *next++ = digits[three >> 12 & 63];
    *next++ = i + 1 < bytes.size() ? digits[three >> 6 & 63] : '=';
    *next++ = i + 2 < bytes.size() ? digits[three & 63] : '=';
  }
}

}  // namespace matcher
