// TIFF: checks the first directory here, then hands the file to the decoder.
#include <fmt/format.h>

#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/limits.hpp"
#include "matcher/image/codec/opencv.hpp"
#include "matcher/image/codec/tiff_directory.hpp"

namespace matcher::image {
namespace {

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

struct Tiff {
  std::vector<std::byte> file;
  bool has_inks;      ///< red, green, blue and alpha are cyan, magenta, yellow and black
  bool is_wide_grey;  ///< one sample of 16 bits per pixel
};

// Makes the file upright, with alpha marked as premultiplied and inks as colours, so that OpenCV leaves the pixels as
// they are.
Tiff checked_tiff(Bytes bytes) {
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
}

bool is_tiff(Bytes file) {
  const ByteReader reader(file);
  return reader.has(0, {"II*\0", 4}) || reader.has(0, {"MM\0*", 4});
}

// libtiff would round 16 bits to 8; read whole, they lose their low byte in decode_with_opencv.
Image decode_tiff(Bytes bytes) {
  const auto tiff = with_format("TIFF", [&] { return checked_tiff(bytes); });
  if (tiff.has_inks) return decode_inks_with_opencv("TIFF", tiff.file);
  return decode_with_opencv("TIFF", tiff.file, Samples::any_depth, tiff.is_wide_grey);
}

Metadata tiff_metadata(Bytes file) { return {file}; }

}  // namespace

const Codec tiff_codec{"TIFF", is_tiff, decode_tiff, tiff_metadata};

}  // namespace matcher::image
