#include "matcher/image/codec/tiff/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "matcher/image/image.hpp"

namespace matcher::image {
namespace {

using Kind = TiffLayout::Kind;

[[noreturn]] void refuse(const std::string& what) {
  throw DecodeError(fmt::format("TIFF {} is not supported. Save it as RGB with 8 bits per sample", what));
}

template <class Value>
Value read_tag(TIFF* tiff, std::uint32_t tag, Value missing) {
  Value value = missing;
  return TIFFGetField(tiff, tag, &value) == 1 ? value : missing;
}

void check_compression(std::uint16_t compression) {
  static const std::map<std::uint16_t, const char*> names{
      {34661, "JBIG"}, {34712, "JPEG 2000"}, {34887, "LERC"}, {34892, "lossy JPEG of DNG"}, {50002, "JPEG XL"}};
  if (TIFFIsCODECConfigured(compression)) return;
  const auto found = names.find(compression);
  const std::string name = found == names.end() ? "" : fmt::format(" ({})", found->second);
  throw DecodeError(fmt::format(
      "TIFF of the compression {}{} is not supported. Save it with LZW or without compression", compression, name));
}

const char* name_of(std::uint16_t photometric) {
  static const std::map<std::uint16_t, const char*> names{
      {PHOTOMETRIC_MASK, "of a transparency mask"},  {PHOTOMETRIC_CIELAB, "of Lab colours"},
      {PHOTOMETRIC_ICCLAB, "of ICC Lab colours"},    {PHOTOMETRIC_ITULAB, "of ITU Lab colours"},
      {PHOTOMETRIC_CFA, "of a camera's raw pixels"}, {34892, "of a camera's linear raw pixels"},
      {PHOTOMETRIC_LOGL, "of LogL pixels"},          {PHOTOMETRIC_LOGLUV, "of LogLuv pixels"}};
  const auto found = names.find(photometric);
  return found == names.end() ? nullptr : found->second;
}

bool is_one_of(std::uint16_t value, std::initializer_list<std::uint16_t> allowed) {
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

[[noreturn]] void refuse_bits(const TiffTags& tags) {
  const char* kind = tags.sample_format == SAMPLEFORMAT_IEEEFP ? "floating-point "
                     : tags.sample_format == SAMPLEFORMAT_INT  ? "signed "
                                                               : "";
  refuse(fmt::format("of {} {}bits per sample", tags.bits, kind));
}

// Pillow reads some wide grey with white as zero without inverting it, and refuses the rest.
bool is_odd_white_as_zero(TIFF* tiff, const TiffTags& tags) {
  if (tags.photometric != PHOTOMETRIC_MINISWHITE || tags.bits <= 8) return false;
  if (tags.bits == 32) return tags.sample_format != SAMPLEFORMAT_IEEEFP;
  return tags.bits != 16 || TIFFIsBigEndian(tiff) != 0 || tags.sample_format == SAMPLEFORMAT_INT;
}

void check_grey(TIFF* tiff, const TiffTags& tags) {
  if (tags.sample_format == SAMPLEFORMAT_IEEEFP ? tags.bits != 32 : !is_one_of(tags.bits, {1, 2, 4, 8, 12, 16, 32}))
    refuse_bits(tags);
  if (tags.samples > 1 && tags.bits != 8) refuse(fmt::format("of {} samples of {} bits", tags.samples, tags.bits));
  if (is_odd_white_as_zero(tiff, tags)) refuse(fmt::format("of {} bits per sample with white as zero", tags.bits));
}

void check_unsigned(const TiffTags& tags, std::initializer_list<std::uint16_t> bits) {
  const bool has_unsigned = is_one_of(tags.sample_format, {SAMPLEFORMAT_UINT, SAMPLEFORMAT_VOID});
  if (!has_unsigned || !is_one_of(tags.bits, bits)) refuse_bits(tags);
}

void check_samples(const TiffTags& tags, std::uint16_t least) {
  if (tags.samples < least) refuse(fmt::format("of {} samples per pixel", tags.samples));
}

TiffPalette read_palette(TIFF* tiff, std::uint16_t bits) {
  std::uint16_t* channels[3] = {};
  if (TIFFGetField(tiff, TIFFTAG_COLORMAP, &channels[0], &channels[1], &channels[2]) != 1)
    throw DecodeError("corrupt TIFF: no palette");
  TiffPalette palette{};
  for (std::size_t i = 0; i < std::size_t(1) << bits; ++i)
    for (std::size_t channel = 0; channel < 3; ++channel)
      palette[i][channel] = static_cast<std::uint8_t>(channels[channel][i] >> 8);
  return palette;
}

// libjpeg turns YCbCr into RGB; libtiff does so for what is subsampled or coded in another way.
Kind kind_of_ycbcr(TIFF* tiff, const TiffTags& tags) {
  if (tags.samples == 1) return Kind::grey;
  std::uint16_t across = 2, down = 2;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_YCBCRSUBSAMPLING, &across, &down);
  const bool contiguous = tags.planar == PLANARCONFIG_CONTIG;
  if (tags.compression == COMPRESSION_JPEG && contiguous) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    return Kind::rgb;
  }
  if (tags.compression == COMPRESSION_NONE && contiguous && across == 1 && down == 1) return Kind::ycbcr;
  return Kind::rgba_of_libtiff;
}

Kind choose_kind(TIFF* tiff, const TiffTags& tags) {
  switch (tags.compression == COMPRESSION_OJPEG ? std::uint16_t{PHOTOMETRIC_YCBCR} : tags.photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
      check_grey(tiff, tags);
      return Kind::grey;
    case PHOTOMETRIC_RGB:
      check_unsigned(tags, {8, 16});
      check_samples(tags, 3);
      return Kind::rgb;
    case PHOTOMETRIC_PALETTE:
      check_unsigned(tags, {1, 2, 4, 8});
      return Kind::palette;
    case PHOTOMETRIC_SEPARATED:
      check_unsigned(tags, {8, 16});
      check_samples(tags, 4);
      return Kind::inks;
    case PHOTOMETRIC_YCBCR:
      check_unsigned(tags, {8});
      return kind_of_ycbcr(tiff, tags);
    default:
      break;
  }
  const char* name = name_of(tags.photometric);
  refuse(name != nullptr ? name : fmt::format("of the photometric interpretation {}", tags.photometric));
}

bool is_premultiplied(const TiffTags& tags, Kind kind) {
  const std::uint16_t colours = kind == Kind::grey ? 1 : 3;
  return (kind == Kind::grey || kind == Kind::rgb) && tags.samples > colours && !tags.extra_samples.empty() &&
         tags.extra_samples[0] == EXTRASAMPLE_ASSOCALPHA;
}

// Pillow's table of modes. Without a tag, a fourth sample of RGB is alpha; 999 is what Corel Draw 10 writes.
bool has_alpha(const TiffTags& tags, Kind kind) {
  constexpr std::uint16_t corel = 999;
  const std::uint16_t colours = kind == Kind::rgb ? 3 : 1;
  if (tags.samples <= colours) return false;
  if (tags.extra_samples.empty()) return kind == Kind::rgb && tags.samples == 4;
  const std::uint16_t first = tags.extra_samples[0];
  if (kind == Kind::rgb) return is_one_of(first, {EXTRASAMPLE_ASSOCALPHA, EXTRASAMPLE_UNASSALPHA, corel});
  return (kind == Kind::grey || kind == Kind::palette) && tags.bits == 8 && first == EXTRASAMPLE_UNASSALPHA;
}

}  // namespace

TiffTags read_tiff_tags(TIFF* tiff) {
  TiffTags tags;
  tags.width = read_tag(tiff, TIFFTAG_IMAGEWIDTH, tags.width);
  tags.height = read_tag(tiff, TIFFTAG_IMAGELENGTH, tags.height);
  tags.photometric = read_tag(tiff, TIFFTAG_PHOTOMETRIC, tags.photometric);
  tags.bits = read_tag(tiff, TIFFTAG_BITSPERSAMPLE, tags.bits);
  tags.samples = read_tag(tiff, TIFFTAG_SAMPLESPERPIXEL, tags.samples);
  tags.sample_format = read_tag(tiff, TIFFTAG_SAMPLEFORMAT, tags.sample_format);
  tags.compression = read_tag(tiff, TIFFTAG_COMPRESSION, tags.compression);
  tags.planar = read_tag(tiff, TIFFTAG_PLANARCONFIG, tags.planar);
  std::uint16_t count = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 1) tags.extra_samples.assign(kinds, kinds + count);
  return tags;
}

TiffLayout choose_tiff_layout(TIFF* tiff, const TiffTags& tags) {
  check_compression(tags.compression);
  if (tags.is_planar() && tags.bits % 8 != 0) refuse(fmt::format("of planes with {} bits per sample", tags.bits));
  TiffLayout layout;
  layout.kind = choose_kind(tiff, tags);
  layout.bits = tags.bits;
  layout.samples = tags.samples;
  layout.is_signed = tags.sample_format == SAMPLEFORMAT_INT;
  layout.is_float = tags.sample_format == SAMPLEFORMAT_IEEEFP;
  // Pillow inverts grey of up to 8 bits only.
  layout.is_inverted = tags.photometric == PHOTOMETRIC_MINISWHITE && tags.bits <= 8;
  layout.is_premultiplied = is_premultiplied(tags, layout.kind);
  layout.has_alpha = has_alpha(tags, layout.kind);
  if (layout.kind == Kind::palette) layout.palette = read_palette(tiff, tags.bits);
  return layout;
}

}  // namespace matcher::image
