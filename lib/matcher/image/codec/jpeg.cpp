// JPEG through libjpeg-turbo with the settings Pillow uses.
#include <fmt/format.h>

#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/ink.hpp"
#include "matcher/image/codec/jpeg_guard.hpp"

#include <jerror.h>

namespace matcher::image {
namespace {

// After these warnings libjpeg goes on with invented pixels. Its other warnings (stray bytes between segments, odd
// headers) leave the image whole; cameras and phones cause them.
bool means_lost_pixels(int code) {
  switch (code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      return true;
    default:
      return false;
  }
}

bool means_truncated(int code) {
  return code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JERR_INPUT_EOF || code == JERR_INPUT_EMPTY;
}

// JPEG-LS, and hierarchical JPEG.
bool is_of_another_process(int marker) { return marker == 0xf7 || marker == 0xde; }

// The file is whole, but libjpeg does not read its kind.
bool means_unsupported(const JpegFailure& failure) {
  switch (failure.code) {
    case JERR_UNKNOWN_MARKER:
      return is_of_another_process(failure.manager.msg_parm.i[0]);
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_EMPTY_IMAGE:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_SOF_UNSUPPORTED:
      return true;
    default:
      return false;
  }
}

std::string describe(const JpegFailure& failure) {
  if (means_unsupported(failure))
    return fmt::format("JPEG of this kind is not supported ({}). Save it as baseline JPEG or PNG", failure.message);
  return fmt::format("{} JPEG: {}", means_truncated(failure.code) ? "truncated" : "corrupt", failure.message);
}

void judge(j_common_ptr info, int level) {
  if (level < 0 && means_lost_pixels(info->err->msg_code)) give_up(info);
}

// Adobe stores ink inverted: 255 is none. Like Pillow, we assume that, whatever the markers say.
void inverted_cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, int width) {
  for (int x = 0; x < width; ++x, cmyk += 4, rgb += 3)
    for (int channel = 0; channel < 3; ++channel) rgb[channel] = light_under_ink(255 - cmyk[channel], cmyk[3]);
}

class Decompressor {
 public:
  explicit Decompressor(Bytes bytes) : bytes_(bytes) {
    info_.err = silent_manager(failure_);
    failure_.manager.emit_message = judge;
  }
  ~Decompressor() { jpeg_destroy_decompress(&info_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  Image read(PixelMemory& memory, const Reduce& reduce) {
    run([this] { read_header(); });
    check_size(info_.image_width, info_.image_height);
    info_.scale_denom = unsigned(reduce({int(info_.image_height), int(info_.image_width)}));
    run([this] { jpeg_calc_output_dimensions(&info_); });
    Image image = memory.make_unset(info_.output_width, info_.output_height);
    run([this] { jpeg_start_decompress(&info_); });
    std::vector<std::uint8_t> inks(info_.output_components == 4 ? std::size_t(4) * info_.output_width : 0);
    run([&] { read_rows(image, inks.data()); });
    return image;
  }

 private:
  template <class Step>
  void run(const Step& step) {
    if (succeeds(failure_, step)) return;
    throw DecodeError(describe(failure_));
  }

  void read_header() {
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
    jpeg_read_header(&info_, TRUE);
    info_.dct_method = JDCT_ISLOW;
    info_.do_fancy_upsampling = TRUE;
    if (info_.out_color_space != JCS_CMYK) info_.out_color_space = JCS_RGB;
  }

  // Looks for the end marker last, so that a file cut in its last bytes is noticed.
  void read_rows(Image& image, std::uint8_t* inks) {
    while (info_.output_scanline < info_.output_height) {
      std::uint8_t* rgb = image.row(static_cast<int>(info_.output_scanline));
      JSAMPROW line = inks ? inks : rgb;
      jpeg_read_scanlines(&info_, &line, 1);
      if (inks) inverted_cmyk_to_rgb(inks, rgb, image.width);
    }
    jpeg_finish_decompress(&info_);
  }

  Bytes bytes_;
  JpegFailure failure_;
  jpeg_decompress_struct info_{};
};

bool has_no_length(std::uint32_t marker) { return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8); }

// Calls `use` with each application segment 1 up to the start of scan or the end of the image. Skips stray bytes
// between segments, as libjpeg does.
template <class Use>
void for_each_app1(const ByteReader& reader, const Use& use) {
  for (std::size_t at = 2; at < reader.size();) {
    const std::uint32_t marker = reader.u8(at + 1);
    if (reader.u8(at) != 0xff || marker == 0xff) {
      at += 1;
    } else if (has_no_length(marker)) {
      at += 2;
    } else if (marker == 0xda || marker == 0xd9) {
      return;
    } else {
      const std::size_t length = reader.u16(at + 2);
      if (marker == 0xe1 && length >= 2) use(reader.text(at + 4, length - 2));
      at += 2 + length;
    }
  }
}

bool is_jpeg(Bytes file) { return ByteReader(file).has(0, "\xff\xd8\xff"); }

Image decode_jpeg_reduced(Bytes file, const Reduce& reduce, PixelMemory& memory) {
  return Decompressor(file).read(memory, reduce);
}

Image decode_jpeg(Bytes file, PixelMemory& memory) {
  return decode_jpeg_reduced(
      file, [](Size) { return 1; }, memory);
}

// Like Pillow: blocks of EXIF belong together, and the last XMP counts.
Metadata jpeg_metadata(Bytes file) {
  constexpr std::string_view exif{"Exif\0\0", 6}, xmp{"http://ns.adobe.com/xap/1.0/\0", 29};
  Metadata found;
  for_each_app1(ByteReader(file), [&](const std::string& segment) {
    if (segment.starts_with(exif)) found.exif = found.exif.value_or("") + segment.substr(exif.size());
    if (segment.starts_with(xmp)) found.xmp = segment.substr(xmp.size());
  });
  return found;
}

}  // namespace

const Codec jpeg_codec{"JPEG", is_jpeg, decode_jpeg, jpeg_metadata, decode_jpeg_reduced};

}  // namespace matcher::image
