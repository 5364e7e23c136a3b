// Bounds-checked reading of numbers and texts from untrusted bytes. Private to this layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "matcher/image/image.hpp"

namespace matcher::image {

using Bytes = std::span<const std::byte>;

struct TooShort : DecodeError {
  TooShort() : DecodeError("the file ends too early") {}
};

/// Every access throws TooShort when it would leave the bytes; offsets may be any value.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes, bool big_endian = true) : bytes_(bytes), big_endian_(big_endian) {}

  std::size_t size() const { return bytes_.size(); }
  bool big_endian() const { return big_endian_; }

  Bytes part(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at) throw TooShort();
    return bytes_.subspan(at, count);
  }

  std::uint32_t u8(std::size_t at) const { return number(at, 1); }
  std::uint32_t u16(std::size_t at) const { return number(at, 2); }
  std::uint32_t u32(std::size_t at) const { return number(at, 4); }

  std::string text(std::size_t at, std::size_t count) const {
    const Bytes found = part(at, count);
    return {reinterpret_cast<const char*>(found.data()), found.size()};
  }

  /// False, and no exception, when the bytes are too short.
  bool has(std::size_t at, std::string_view expected) const {
    return at <= size() && expected.size() <= size() - at && text(at, expected.size()) == expected;
  }

 private:
  std::uint32_t number(std::size_t at, std::size_t count) const {
    std::uint32_t value = 0;
    const Bytes digits = part(at, count);
    for (std::size_t i = 0; i < count; ++i)
      value = value << 8 | std::to_integer<std::uint32_t>(digits[big_endian_ ? i : count - 1 - i]);
    return value;
  }

  Bytes bytes_;
  bool big_endian_;
};

}  // namespace matcher::image
