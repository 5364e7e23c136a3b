#include "matcher/image/codec/containers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "matcher/image/codec/tiff_directory.hpp"

namespace matcher::image {
namespace {

constexpr std::int64_t kMaxPixels = std::int64_t(1) << 28;

struct Signature {
  std::string_view start;
  Format format;
};

constexpr std::array kSupported{
    Signature{"\xff\xd8\xff", Format::jpeg}, Signature{"\x89PNG\r\n\x1a\n", Format::png}, Signature{"BM", Format::bmp},
    Signature{{"II*\0", 4}, Format::tiff},   Signature{{"MM\0*", 4}, Format::tiff},
};

struct Unsupported {
  std::size_t at;
  std::string_view text, name;
};

constexpr std::array kUnsupported{
    Unsupported{0, "GIF8", "GIF"},
    Unsupported{4, "ftypavif", "AVIF"},
    Unsupported{4, "ftypheic", "HEIC"},
    Unsupported{4, "ftypmif1", "HEIF"},
    Unsupported{0, {"\0\0\0\x0cjP  ", 8}, "JPEG 2000"},
    Unsupported{0, {"\xff\x4f\xff\x51", 4}, "JPEG 2000"},
    Unsupported{0, {"\xff\x0a", 2}, "JPEG XL"},
    Unsupported{0, {"\0\0\0\x0cJXL ", 8}, "JPEG XL"},
    Unsupported{0, {"II+\0", 4}, "BigTIFF"},
    Unsupported{0, {"MM\0+", 4}, "BigTIFF"},
    Unsupported{0, "%PDF", "PDF"},
};

std::string first_bytes(Bytes bytes) {
  std::string hex;
  for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 4)))
    hex += fmt::format(" {:02x}", std::to_integer<int>(byte));
  return hex;
}

// The cyclic redundancy check of PNG, ISO 3309.
std::uint32_t checksum(Bytes bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      entries[i] = i;
      for (int bit = 0; bit < 8; ++bit) entries[i] = entries[i] >> 1 ^ (entries[i] & 1 ? 0xedb88320u : 0);
    }
    return entries;
  }();
  std::uint32_t value = ~0u;
  for (const std::byte byte : bytes) value = table[(value ^ std::to_integer<std::uint32_t>(byte)) & 0xff] ^ value >> 8;
  return ~value;
}

void append(std::vector<std::byte>& to, Bytes from) { to.insert(to.end(), from.begin(), from.end()); }

std::vector<std::byte> copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

bool is_critical(const std::string& chunk_name) { return chunk_name[0] >= 'A' && chunk_name[0] <= 'Z'; }

// Appends a chunk after checking what libpng would complain about.
void keep(std::vector<std::byte>& kept, const std::string& name, Bytes chunk) {
  if (name != "IHDR" && name != "PLTE" && name != "IDAT" && name != "IEND")
    throw DecodeError("corrupt PNG: unknown critical chunk");
  const std::size_t content = chunk.size() - 4;
  if (checksum(chunk.subspan(4, content - 4)) != ByteReader(chunk).u32(content))
    throw DecodeError(fmt::format("corrupt PNG: wrong checksum of {}", name));
  append(kept, chunk);
}

void check_png_order(const ByteReader& header, bool has_palette, bool has_pixels) {
  constexpr std::uint32_t palette_colours = 3;
  if (!has_pixels) throw DecodeError("corrupt PNG: no pixels");
  if (header.u8(25) == palette_colours && !has_palette) throw DecodeError("corrupt PNG: no palette");
}

std::vector<std::byte> pixel_chunks(const ByteReader& reader) {
  if (!reader.has(8, {"\0\0\0\x0dIHDR", 8})) throw DecodeError("corrupt PNG: no header");
  check_size(reader.u32(16), reader.u32(20));
  std::vector<std::byte> kept = copy(reader.part(0, 8));
  std::set<std::string> seen;
  for (std::size_t at = 8; !seen.contains("IEND");) {
    const Bytes chunk = reader.part(at, std::size_t(12) + reader.u32(at));
    const std::string name = reader.text(at + 4, 4);
    if (is_critical(name)) keep(kept, name, chunk);
    seen.insert(name);
    at += chunk.size();
  }
  check_png_order(reader, seen.contains("PLTE"), seen.contains("IDAT"));
  return kept;
}

struct BmpHeader {
  std::int64_t width, height;
  std::uint32_t bits, compression, coded_bytes, colours;
};

// A negative height means that the top row comes first.
BmpHeader bmp_header(const ByteReader& reader) {
  const std::uint32_t size = reader.u32(14);
  if (size == 12) return {reader.u16(18), reader.u16(20), reader.u16(24), 0, 0, 0};  // OS/2 1.x
  if (size < 40 || size > 1024) throw DecodeError("corrupt BMP: unknown header");
  const auto width = static_cast<std::int32_t>(reader.u32(18)), height = static_cast<std::int32_t>(reader.u32(22));
  return {width, std::abs(std::int64_t(height)), reader.u16(28), reader.u32(30), reader.u32(34), reader.u32(46)};
}

// Rows are padded to 4 bytes. Of run-length coding, the header may tell the size.
std::size_t bmp_pixel_bytes(const BmpHeader& header) {
  const bool is_coded = header.compression == 1 || header.compression == 2;
  if (is_coded) return header.coded_bytes;
  return static_cast<std::size_t>((header.width * header.bits + 31) / 32 * 4 * header.height);
}

void check_bmp(const ByteReader& reader) {
  const BmpHeader header = bmp_header(reader);
  check_size(header.width, header.height);
  if (header.compression > 3 || header.bits > 32) throw DecodeError("BMP of this compression is not supported");
  if (header.bits <= 8 && header.colours > 256) throw DecodeError("corrupt BMP: impossible palette");
  reader.part(reader.u32(10), bmp_pixel_bytes(header));
}

void check_blocks(const ByteReader& reader, const TiffDirectory& directory, TiffTag offsets_tag, TiffTag sizes_tag) {
  const auto offsets = directory.find(offsets_tag), sizes = directory.find(sizes_tag);
  if (!offsets) return;
  if (!sizes || sizes->count < offsets->count) throw DecodeError("corrupt TIFF: the sizes of the blocks are missing");
  for (std::uint32_t i = 0; i < offsets->count; ++i)
    reader.part(directory.value(*offsets, i), directory.value(*sizes, i));
}

void check_samples(const TiffDirectory& directory) {
  if (!directory.find(TiffTag::photometric)) throw DecodeError("corrupt TIFF: no photometric interpretation");
  const auto bits = directory.find(TiffTag::bits_per_sample);
  const std::uint32_t depth = bits ? directory.value(*bits, 0) : 1;
  if (depth > 8 && depth != 16) throw DecodeError(fmt::format("TIFF of {} bits a sample is not supported", depth));
  if (depth == 16 && directory.single(TiffTag::photometric, 1) == 0)
    throw DecodeError("TIFF of 16 bits a sample with white as zero is not supported");
}

void put_u16(std::vector<std::byte>& bytes, std::size_t at, unsigned value, bool big_endian) {
  bytes.at(at) = std::byte(big_endian ? value >> 8 : value & 0xff);
  bytes.at(at + 1) = std::byte(big_endian ? value & 0xff : value >> 8);
}

// Makes an entry of one value the SHORT `value`.
void set(std::vector<std::byte>& bytes, const TiffDirectory& directory, TiffTag tag, unsigned value) {
  const auto entry = directory.find(tag);
  if (!entry || entry->count != 1) return;
  put_u16(bytes, entry->at + 2, 3, directory.big_endian());
  put_u16(bytes, entry->at + 8, value, directory.big_endian());
}

bool has_four_inks(const TiffDirectory& directory) {
  constexpr std::uint32_t separated = 5;
  const auto bits = directory.find(TiffTag::bits_per_sample);
  return directory.single(TiffTag::photometric, 0) == separated &&
         directory.single(TiffTag::samples_per_pixel, 1) == 4 && bits && directory.value(*bits, 0) == 8;
}

bool is_wide_grey(const TiffDirectory& directory) {
  const auto bits = directory.find(TiffTag::bits_per_sample);
  return directory.single(TiffTag::samples_per_pixel, 1) == 1 && bits && directory.value(*bits, 0) == 16;
}

// Names the format of a file that ends too early.
template <class Check>
auto named(const char* format, Check check) {
  try {
    return check();
  } catch (const TooShort& error) {
    throw DecodeError(fmt::format("truncated {}: {}", format, error.what()));
  }
}

}  // namespace

Format format_of(Bytes bytes) {
  if (bytes.empty()) throw DecodeError("empty file");
  const ByteReader reader(bytes);
  if (reader.has(0, "RIFF") && reader.has(8, "WEBP")) return Format::webp;
  for (const auto& [start, format] : kSupported)
    if (reader.has(0, start)) return format;
  for (const auto& [at, text, name] : kUnsupported)
    if (reader.has(at, text)) throw DecodeError(fmt::format("{} is not supported", name));
  throw DecodeError(fmt::format("not a picture (starts with{})", first_bytes(bytes)));
}

void check_size(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1 || width > kMaxPixels / height)
    throw DecodeError(fmt::format("impossible size: {} x {} pixels", width, height));
}

std::vector<std::byte> checked_png(Bytes bytes) {
  return named("PNG", [&] { return pixel_chunks(ByteReader(bytes)); });
}

std::vector<std::byte> checked_webp(Bytes bytes) {
  return named("WebP", [&] {
    const ByteReader reader(bytes, false);
    std::vector<std::byte> file = copy(reader.part(0, std::size_t(8) + reader.u32(4)));
    constexpr std::uint32_t animated = 2;  // a bit of the feature byte of the extended format
    if (reader.has(12, "VP8X") && (reader.u8(20) & animated)) throw DecodeError("animated WebP is not supported");
    file.resize(std::max<std::size_t>(file.size(), 32));  // OpenCV reads a header of 32 bytes whatever the size
    return file;
  });
}

std::vector<std::byte> checked_bmp(Bytes bytes) {
  return named("BMP", [&] {
    check_bmp(ByteReader(bytes, false));
    return copy(bytes);
  });
}

Tiff checked_tiff(Bytes bytes) {
  return named("TIFF", [&] {
    const TiffDirectory directory(bytes);
    const ByteReader reader(bytes, directory.big_endian());
    check_size(directory.single(TiffTag::width, 0), directory.single(TiffTag::height, 0));
    check_samples(directory);
    check_blocks(reader, directory, TiffTag::strip_offsets, TiffTag::strip_sizes);
    check_blocks(reader, directory, TiffTag::tile_offsets, TiffTag::tile_sizes);
    constexpr unsigned upright = 1, premultiplied = 1, rgb = 2;
    Tiff tiff{copy(bytes), has_four_inks(directory), is_wide_grey(directory)};
    set(tiff.file, directory, TiffTag::orientation, upright);
    set(tiff.file, directory, TiffTag::extra_samples, premultiplied);
    if (tiff.has_inks) set(tiff.file, directory, TiffTag::photometric, rgb);
    return tiff;
  });
}

}  // namespace matcher::image
