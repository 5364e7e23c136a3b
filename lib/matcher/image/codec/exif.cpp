#include "matcher/image/codec/exif.hpp"

#include <bit>
#include <cmath>

namespace matcher::image {
namespace {

/// Sizes that differ between classic TIFF and BigTIFF.
struct Shape {
  std::size_t count_bytes, entry_bytes, inline_bytes;
};

constexpr Shape classic{2, 12, 4}, big{8, 20, 8};

/// Bytes per value; 0 for unknown types.
std::size_t bytes_of(std::uint32_t type) {
  constexpr std::size_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};
  return type < std::size(sizes) ? sizes[type] : 0;
}

struct Header {
  ByteReader reader;
  const Shape& shape;
  std::uint64_t directory;  ///< offset
};

Header read_header(Bytes tiff) {
  const bool big_endian = ByteReader(tiff).has(0, "MM");
  const ByteReader reader(tiff, big_endian);
  if (!big_endian && !reader.has(0, "II")) throw DecodeError("corrupt TIFF: no header");
  // Pillow also reads the version in the wrong byte order.
  const auto has_version = [&](char version) {
    return reader.has(2, std::string{version, '\0'}) || reader.has(2, std::string{'\0', version});
  };
  if (has_version(43)) return {reader, big, reader.u64(8)};
  if (has_version(42)) return {reader, classic, reader.u32(4)};
  throw DecodeError("corrupt TIFF: no header");
}

std::uint64_t number(const ByteReader& reader, std::size_t at, std::size_t bytes) {
  return bytes == 2 ? reader.u16(at) : bytes == 4 ? reader.u32(at) : reader.u64(at);
}

Bytes data_of(const Header& header, std::size_t entry, std::uint32_t type) {
  const auto& [reader, shape, directory] = header;
  const std::size_t field = shape.inline_bytes;  // count, then the data or its offset, have this size
  const std::uint64_t count = number(reader, entry + 4, field);
  if (bytes_of(type) == 0 || count > reader.size()) return {};
  const std::size_t size = bytes_of(type) * count;
  const std::size_t at = entry + 4 + field;
  return reader.part(size > field ? number(reader, at, field) : at, size);
}

std::optional<std::int64_t> whole(double value) {
  if (std::trunc(value) != value || std::abs(value) > 1e9) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> whole_ratio(double numerator, double denominator) {
  return denominator == 0 ? std::nullopt : whole(numerator / denominator);
}

}  // namespace

std::optional<std::int64_t> ExifTag::whole_number() const {
  const ByteReader reader(data, big_endian);
  const auto s32 = [&](std::size_t at) { return static_cast<std::int32_t>(reader.u32(at)); };
  if (data.size() < std::max<std::size_t>(1, bytes_of(type))) return std::nullopt;
  switch (type) {
    case 3:
      return reader.u16(0);
    case 4:
    case 13:
      return reader.u32(0);
    case 5:
      return whole_ratio(reader.u32(0), reader.u32(4));
    case 6:
      return static_cast<std::int8_t>(reader.u8(0));
    case 8:
      return static_cast<std::int16_t>(reader.u16(0));
    case 9:
      return s32(0);
    case 10:
      return whole_ratio(s32(0), s32(4));
    case 11:
      return whole(std::bit_cast<float>(reader.u32(0)));
    case 12:
      return whole(std::bit_cast<double>(reader.u64(0)));
    case 16:
      return static_cast<std::int64_t>(reader.u64(0));
    default:
      return std::nullopt;  // BYTE, ASCII and UNDEFINED are bytes and texts to Pillow
  }
}

std::optional<ExifTag> find_exif_tag(Bytes tiff, std::uint32_t tag) {
  const Header header = read_header(tiff);
  const auto& [reader, shape, directory] = header;
  try {
    const std::uint64_t entries = number(reader, directory, shape.count_bytes);
    for (std::uint64_t i = 0; i < entries; ++i) {
      const std::size_t at = directory + shape.count_bytes + i * shape.entry_bytes;
      reader.part(at, shape.entry_bytes);
      if (reader.u16(at) != tag) continue;
      const std::uint32_t type = reader.u16(at + 2);
      if (const Bytes data = data_of(header, at, type); !data.empty()) return ExifTag{type, data, reader.big_endian()};
    }
  } catch (const TooShort&) {
  }
  return std::nullopt;
}

}  // namespace matcher::image
