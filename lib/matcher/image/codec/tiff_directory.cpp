#include "matcher/image/codec/tiff_directory.hpp"

namespace matcher::image {
namespace {

constexpr std::size_t kEntryBytes = 12;

bool is_big_endian(Bytes bytes) {
  const ByteReader reader(bytes);
  if (reader.has(0, {"II*\0", 4})) return false;
  if (reader.has(0, {"MM\0*", 4})) return true;
  throw DecodeError("corrupt TIFF: no header");
}

std::size_t type_bytes(std::uint32_t type) {
  switch (type) {
    case 1:
      return 1;  // BYTE
    case 3:
      return 2;  // SHORT
    case 4:
      return 4;  // LONG
    default:
      throw DecodeError("corrupt TIFF: a tag has an unexpected type");
  }
}

}  // namespace

TiffDirectory::TiffDirectory(Bytes bytes)
    : reader_(bytes, is_big_endian(bytes)), start_(reader_.u32(4)), entries_(reader_.u16(start_)) {
  reader_.part(start_ + 2, entries_ * kEntryBytes);
}

std::optional<TiffEntry> TiffDirectory::find(TiffTag tag) const {
  for (std::size_t i = 0; i < entries_; ++i) {
    const std::size_t at = start_ + 2 + i * kEntryBytes;
    if (reader_.u16(at) == static_cast<std::uint32_t>(tag))
      return TiffEntry{at, reader_.u16(at + 2), reader_.u32(at + 4)};
  }
  return std::nullopt;
}

std::uint32_t TiffDirectory::value(const TiffEntry& entry, std::uint32_t index) const {
  if (index >= entry.count) throw DecodeError("corrupt TIFF: a tag has too few values");
  const std::size_t bytes = type_bytes(entry.type);
  const bool is_inline = bytes * entry.count <= 4;
  const std::size_t at = (is_inline ? entry.at + 8 : reader_.u32(entry.at + 8)) + bytes * index;
  return bytes == 1 ? reader_.u8(at) : bytes == 2 ? reader_.u16(at) : reader_.u32(at);
}

std::uint32_t TiffDirectory::single(TiffTag tag, std::uint32_t fallback) const {
  const auto entry = find(tag);
  return entry && entry->count == 1 ? value(*entry, 0) : fallback;
}

}  // namespace matcher::image
