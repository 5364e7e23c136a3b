// Reads numbers and texts from untrusted bytes, with bounds checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/image/image.hpp"

namespace matcher::image {

using Bytes = std::span<const std::byte>;

struct TooShort : DecodeError {
  TooShort() : DecodeError("the file ends too early") {}
};

/// Reads big-endian unless asked otherwise. Every access beyond the bytes throws TooShort; offsets may be any value.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes, bool big_endian = true) : bytes_(bytes), big_endian_(big_endian) {}

  std::size_t size() const { return bytes_.size(); }
  bool big_endian() const { return big_endian_; }

  Bytes part(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at) throw TooShort();
    return bytes_.subspan(at, count);
  }

  std::uint32_t u8(std::size_t at) const { return static_cast<std::uint32_t>(number(at, 1)); }
  std::uint32_t u16(std::size_t at) const { return static_cast<std::uint32_t>(number(at, 2)); }
  std::uint32_t u32(std::size_t at) const { return static_cast<std::uint32_t>(number(at, 4)); }
  std::uint64_t u64(std::size_t at) const { return number(at, 8); }

  std::string text(std::size_t at, std::size_t count) const {
    const Bytes found = part(at, count);
    return {reinterpret_cast<const char*>(found.data()), found.size()};
  }

  /// Returns false for bytes that are too short.
  bool has(std::size_t at, std::string_view expected) const {
    return at <= size() && expected.size() <= size() - at && text(at, expected.size()) == expected;
  }

 private:
  std::uint64_t number(std::size_t at, std::size_t count) const {
    std::uint64_t value = 0;
    const Bytes digits = part(at, count);
    for (std::size_t i = 0; i < count; ++i)
      value = value << 8 | std::to_integer<std::uint64_t>(digits[big_endian_ ? i : count - 1 - i]);
    return value;
  }

  Bytes bytes_;
  bool big_endian_;
};

inline std::string to_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Runs `check`, and adds the name of the format to the error of a file that ends too early.
template <class Check>
auto with_format(const char* format, Check check) {
  try {
    return check();
  } catch (const TooShort& error) {
    throw DecodeError(std::string("truncated ") + format + ": " + error.what());
  }
}

}  // namespace matcher::image
