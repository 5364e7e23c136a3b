// TIFF through libtiff, with pixels as Pillow makes them; the first directory counts. Reference: Pillow's
// TiffImagePlugin.py and TiffDecode.c.
#include <tiffio.h>

#include <algorithm>
#include <vector>

#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/exif.hpp"
#include "matcher/image/codec/tiff/file.hpp"
#include "matcher/image/codec/tiff/layout.hpp"
#include "matcher/image/codec/tiff/row.hpp"

namespace matcher::image {
namespace {

/// Reads the blocks of a file, strips or tiles, and converts their rows.
class BlockReader {
 public:
  BlockReader(const TiffFile& file, const TiffTags& tags, const TiffLayout& layout)
      : file_(file), tiff_(file.get()), tags_(tags), layout_(layout), is_tiled_(TIFFIsTiled(tiff_) != 0) {
    width_ = tags.width, height_ = tags.height;
    if (is_tiled_) {
      file_.check(TIFFGetField(tiff_, TIFFTAG_TILEWIDTH, &width_) == 1);
      file_.check(TIFFGetField(tiff_, TIFFTAG_TILELENGTH, &height_) == 1);
    } else {
      TIFFGetField(tiff_, TIFFTAG_ROWSPERSTRIP, &height_);
      height_ = std::min(height_, tags.height);
    }
    if (width_ == 0 || height_ == 0) throw DecodeError("damaged TIFF: blocks without pixels");
    check_blocks();
    block_.resize(row_bytes(tags.is_planar() ? 1 : tags.samples) * height_);
    if (tags.is_planar()) joined_.resize(row_bytes(tags.samples) * height_);
  }

  void read(Image& image) {
    for (std::uint32_t y = 0; y < tags_.height; y += height_)
      for (std::uint32_t x = 0; x < tags_.width; x += width_) read_block(image, x, y);
  }

 private:
  // Blocks far larger than the image would cost memory without a use.
  void check_blocks() const {
    constexpr std::uint64_t small = 1 << 24;
    const std::uint64_t image = std::uint64_t(tags_.width) * tags_.height;
    if (std::uint64_t(width_) * height_ > std::max(small, image * 4))
      throw DecodeError("damaged TIFF: blocks larger than the image");
  }

  std::size_t row_bytes(std::size_t samples) const { return (width_ * samples * tags_.bits + 7) / 8; }

  std::uint32_t rows_at(std::uint32_t y) const { return std::min(height_, tags_.height - y); }

  void read_block(Image& image, std::uint32_t x, std::uint32_t y) {
    const std::uint8_t* rows = tags_.is_planar() ? read_planes(x, y) : read_plane(x, y, 0);
    const std::size_t bytes = row_bytes(tags_.samples);
    const auto pixels = static_cast<int>(std::min(width_, tags_.width - x));
    for (std::uint32_t row = 0; row < rows_at(y); ++row, rows += bytes) {
      const std::size_t at = std::size_t(y + row) * tags_.width + x;
      convert_tiff_row(layout_, rows, pixels, image.rgb.data() + at * 3);
      if (layout_.has_alpha) read_tiff_alpha(layout_, rows, pixels, image.alpha.data() + at);
    }
  }

  // A block that brings fewer bytes than its rows need is damaged.
  const std::uint8_t* read_plane(std::uint32_t x, std::uint32_t y, std::uint16_t plane) {
    const auto size = static_cast<tmsize_t>(block_.size());
    const tmsize_t found = is_tiled_
                               ? TIFFReadEncodedTile(tiff_, TIFFComputeTile(tiff_, x, y, 0, plane), block_.data(), size)
                               : TIFFReadEncodedStrip(tiff_, TIFFComputeStrip(tiff_, y, plane), block_.data(), size);
    const std::size_t needed = block_.size() / height_ * rows_at(y);
    file_.check(found >= 0 && static_cast<std::size_t>(found) >= needed);
    return block_.data();
  }

  const std::uint8_t* read_planes(std::uint32_t x, std::uint32_t y) {
    const std::size_t bytes = tags_.bits / 8, step = bytes * tags_.samples;
    for (std::uint16_t plane = 0; plane < tags_.samples; ++plane) {
      const std::uint8_t* from = read_plane(x, y, plane);
      for (std::size_t at = plane * bytes; at < joined_.size(); at += step, from += bytes)
        std::copy_n(from, bytes, joined_.data() + at);
    }
    return joined_.data();
  }

  const TiffFile& file_;
  TIFF* tiff_;
  const TiffTags& tags_;
  const TiffLayout& layout_;
  bool is_tiled_;
  std::uint32_t width_ = 0, height_ = 0;  ///< size of a block
  std::vector<std::uint8_t> block_, joined_;
};

// libtiff would turn the image; the orientation is applied later.
void read_by_libtiff(const TiffFile& file, const TiffLayout& layout, Image& image) {
  TIFFRGBAImage reader{};
  char message[1024] = "";
  if (TIFFRGBAImageOK(file.get(), message) == 0 || TIFFRGBAImageBegin(&reader, file.get(), 1, message) == 0)
    throw DecodeError(std::string("damaged TIFF: ") + message);
  reader.orientation = reader.req_orientation = ORIENTATION_TOPLEFT;
  std::vector<std::uint32_t> raster(std::size_t(image.width) * std::size_t(image.height));
  const int done = TIFFRGBAImageGet(&reader, raster.data(), reader.width, reader.height);
  TIFFRGBAImageEnd(&reader);
  file.check(done == 1);
  convert_tiff_row(layout, reinterpret_cast<const std::uint8_t*>(raster.data()), image.width * image.height,
                   image.rgb.data());
}

bool is_tiff(Bytes file) {
  const ByteReader reader(file);
  for (const std::string_view start : {"II*\0", "MM\0*", "II+\0", "MM\0+"})
    if (reader.has(0, {start.data(), 4})) return true;
  return false;
}

Image decode_tiff(Bytes bytes, PixelMemory& memory) {
  const TiffFile file(bytes);
  const TiffTags tags = read_tiff_tags(file.get());
  check_size(tags.width, tags.height);
  const TiffLayout layout = choose_tiff_layout(file.get(), tags);
  Image image = memory.make(tags.width, tags.height);
  if (layout.has_alpha) image.alpha.resize(image.rgb.size() / 3);
  if (layout.kind == TiffLayout::Kind::rgba_of_libtiff)
    read_by_libtiff(file, layout, image);
  else
    BlockReader(file, tags, layout).read(image);
  return image;
}

Metadata tiff_metadata(Bytes file) {
  constexpr std::uint32_t xmp = 700;
  const auto packet = find_exif_tag(file, xmp);
  return {to_text(file), packet ? to_text(packet->data) : ""};
}

}  // namespace

const Codec tiff_codec{"TIFF", is_tiff, decode_tiff, tiff_metadata};

}  // namespace matcher::image
