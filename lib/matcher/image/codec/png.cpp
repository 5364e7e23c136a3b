// PNG through libpng, which gets only the chunks that hold pixels, and the alpha of a palette.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>

#include "matcher/image/codec/alpha.hpp"
#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/png/chunks.hpp"
#include "matcher/image/codec/png/end.hpp"
#include "matcher/image/codec/png/guard.hpp"

namespace matcher::image {
namespace {

constexpr std::size_t first_chunk = 8, bits_at = first_chunk + 16, colours_at = first_chunk + 17;
constexpr std::uint32_t palette_colours = 3;

void append(std::vector<std::byte>& to, Bytes from) { to.insert(to.end(), from.begin(), from.end()); }

bool is_word(const std::string& name) {
  return std::ranges::all_of(name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

bool is_critical(const PngChunk& chunk) { return chunk.name[0] >= 'A' && chunk.name[0] <= 'Z'; }

void check_first(const ByteReader& reader) {
  if (reader.has(first_chunk + 4, "CgBI"))
    throw DecodeError(
        "PNG in the form of Apple's iOS (CgBI) is not supported. Convert it: pngcrush -revert-iphone-optimizations "
        "IN.png OUT.png");
  if (!reader.has(first_chunk, {"\0\0\0\x0dIHDR", 8})) throw DecodeError("corrupt PNG: no header");
  check_size(reader.u32(first_chunk + 8), reader.u32(first_chunk + 12));
}

void check_seen(const ByteReader& reader, const std::set<std::string>& seen) {
  if (!seen.contains("IDAT")) throw DecodeError("corrupt PNG: no pixels");
  if (reader.u8(colours_at) == palette_colours && !seen.contains("PLTE")) throw DecodeError("corrupt PNG: no palette");
}

// Like Pillow, leaves out chunks that only other programs know, and asks for no checksum from the first pixels on: zlib
// checks these by a sum of its own.
std::vector<std::byte> pixel_chunks(const ByteReader& reader) {
  static const std::set<std::string> known{"IHDR", "PLTE", "IDAT", "IEND"};
  check_first(reader);
  const Bytes signature = reader.part(0, first_chunk);
  std::vector<std::byte> kept(signature.begin(), signature.end());
  std::set<std::string> seen;
  for (std::size_t at = first_chunk; !seen.contains("IEND");) {
    const PngChunk chunk = read_png_chunk(reader, at);
    if (!is_word(chunk.name)) throw DecodeError("corrupt PNG: a chunk without a name");
    if (chunk.name == "IDAT") seen.insert(chunk.name);
    if (is_critical(chunk) && !seen.contains("IDAT") && !is_intact(chunk))
      throw DecodeError(fmt::format("corrupt PNG: wrong checksum of {}", chunk.name));
    const bool is_palette_alpha = chunk.name == "tRNS" && reader.u8(colours_at) == palette_colours && is_intact(chunk);
    if (known.contains(chunk.name) || is_palette_alpha) append(kept, chunk.whole);
    seen.insert(chunk.name);
    at += chunk.whole.size();
  }
  check_seen(reader, seen);
  return kept;
}

class PngReader {
 public:
  explicit PngReader(Bytes file) : rest_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure_, give_up_png, ignore_png_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) throw std::bad_alloc();
    png_set_read_fn(png_, &rest_, read_bytes);
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_crc_action(png_, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  Image read(PixelMemory& memory) {
    const std::size_t coded = rest_.size();
    run([this] { png_read_info(png_, info_); });
    check_ratio(coded);
    Image image = memory.make(png_get_image_width(png_, info_), png_get_image_height(png_, info_));
    const bool wide_grey =
        png_get_bit_depth(png_, info_) == 16 && png_get_color_type(png_, info_) == PNG_COLOR_TYPE_GRAY;
    const bool has_alpha =
        (png_get_color_type(png_, info_) & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png_, info_, PNG_INFO_tRNS) != 0;
    if (wide_grey)
      read_wide_grey(image);
    else
      has_alpha ? read_rgba(image) : read_rgb(image);
    return image;
  }

 private:
  // Deflate shrinks to a 1032nd at most, so a short file with a huge claim is refused before memory is allocated.
  void check_ratio(std::size_t coded) const {
    constexpr std::size_t most = 1032;
    const std::size_t raw = png_get_rowbytes(png_, info_) * png_get_image_height(png_, info_);
    if (raw / most > coded) throw DecodeError("truncated PNG: the file is too short for its size in pixels");
  }

  static void read_bytes(png_structp png, png_bytep to, std::size_t count) {
    auto& rest = *static_cast<Bytes*>(png_get_io_ptr(png));
    if (count > rest.size()) png_error(png, "the file ends too early");
    std::memcpy(to, rest.data(), count);
    rest = rest.subspan(count);
  }

  template <class Step>
  void run(const Step& step) {
    if (png_succeeds(failure_, step)) return;
    if (std::string_view(failure_.message) != "Not enough image data")
      throw DecodeError(fmt::format("corrupt PNG: {}", failure_.message));
    if (!has_all_rows()) throw TooShort();
  }

  // Like Pillow, takes pixels as complete when the last row is, even if the end of their compressed form is missing.
  bool has_all_rows() const {
    constexpr png_byte passes = 7;
    return png_get_interlace_type(png_, info_) == PNG_INTERLACE_NONE
               ? png_get_current_row_number(png_) >= png_get_image_height(png_, info_)
               : png_get_current_pass_number(png_) >= passes;
  }

  // 16 bits keep their high byte.
  void expand() {
    run([this] {
      png_set_expand(png_);
      png_set_strip_16(png_);
      png_set_gray_to_rgb(png_);
    });
  }

  void read_rgb(Image& image) {
    expand();
    read_rows(image.rgb.data(), std::size_t(image.width) * 3, image.height);
  }

  void read_rgba(Image& image) {
    expand();
    std::vector<png_byte> rgba(image.rgb.size() / 3 * 4);
    read_rows(rgba.data(), std::size_t(image.width) * 4, image.height);
    split_rgba(rgba.data(), image);
  }

  // Pillow cuts 16 bits of grey off at 255.
  void read_wide_grey(Image& image) {
    const std::size_t line = std::size_t(image.width) * 2;
    std::vector<png_byte> samples(line * std::size_t(image.height));
    read_rows(samples.data(), line, image.height);
    for (std::size_t i = 0; i < samples.size(); i += 2)
      std::fill_n(image.rgb.begin() + std::ptrdiff_t(i / 2 * 3), 3, samples[i] != 0 ? 255 : samples[i + 1]);
  }

  void read_rows(png_bytep to, std::size_t line, int height) {
    std::vector<png_bytep> rows(static_cast<std::size_t>(height));
    for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = to + y * line;
    run([&] {
      png_set_interlace_handling(png_);
      png_read_update_info(png_, info_);
      if (png_get_rowbytes(png_, info_) != line) png_error(png_, "unexpected size of a row");
      png_read_image(png_, rows.data());
      png_read_end(png_, nullptr);
    });
  }

  Bytes rest_;
  PngFailure failure_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

bool is_png(Bytes file) { return ByteReader(file).has(0, "\x89PNG\r\n\x1a\n"); }

// The colour that a tRNS chunk makes transparent, as Pillow compares it with pixels of 8 bits: the low byte of its
// samples, and 0 or 255 for one bit.
std::optional<std::array<std::uint8_t, 3>> read_transparent_colour(const ByteReader& reader) {
  const std::uint32_t colours = reader.u8(colours_at);
  if (colours != PNG_COLOR_TYPE_GRAY && colours != PNG_COLOR_TYPE_RGB) return std::nullopt;
  const bool is_grey = colours == PNG_COLOR_TYPE_GRAY, is_bit = reader.u8(bits_at) == 1;
  std::optional<std::array<std::uint8_t, 3>> found;
  for (std::size_t at = first_chunk;;) {
    const PngChunk chunk = read_png_chunk(reader, at);
    if (chunk.name == "IDAT" || chunk.name == "IEND") return found;
    at += chunk.whole.size();
    if (chunk.name != "tRNS" || chunk.content.size() < (is_grey ? 2 : 6) || !is_intact(chunk)) continue;
    found.emplace();
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const std::size_t sample = is_grey ? 0 : channel * 2;
      const auto high = std::to_integer<std::uint8_t>(chunk.content[sample]),
                 low = std::to_integer<std::uint8_t>(chunk.content[sample + 1]);
      (*found)[channel] = is_bit && is_grey ? (high != 0 || low != 0 ? 255 : 0) : low;
    }
  }
}

void make_transparent(Image& image, const std::array<std::uint8_t, 3>& colour) {
  image.alpha.resize(image.rgb.size() / 3);
  auto pixel = image.rgb.begin();
  for (std::uint8_t& alpha : image.alpha) {
    alpha = std::equal(colour.begin(), colour.end(), pixel) ? 0 : 255;
    pixel += 3;
  }
}

Image decode_png(Bytes bytes, PixelMemory& memory) {
  const auto completed = complete_png(bytes);
  if (!completed.empty()) bytes = completed;
  const auto file = with_format("PNG", [&] { return pixel_chunks(ByteReader(bytes)); });
  const auto transparent = with_format("PNG", [&] { return read_transparent_colour(ByteReader(bytes)); });
  Image image = with_format("PNG", [&] { return PngReader(file).read(memory); });
  if (transparent) make_transparent(image, *transparent);
  return image;
}

// ImageMagick's form: three lines of header, then lines of hexadecimal digits.
std::string raw_profile(const std::string& text) {
  std::size_t at = 0;
  for (int line = 0; line < 3 && at != std::string::npos; ++line) at = text.find('\n', at + (line > 0));
  std::string bytes, digits;
  for (const char c : at == std::string::npos ? std::string() : text.substr(at)) {
    if (std::isxdigit(static_cast<unsigned char>(c))) digits += c;
    if (digits.size() < 2) continue;
    bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
    digits.clear();
  }
  return bytes;
}

void note(const PngChunk& chunk, Metadata& found, std::string& profile) {
  if (chunk.name == "eXIf") found.exif = to_text(chunk.content);
  const auto [keyword, text] = read_png_text(chunk);
  if (keyword == "exif" && chunk.name == "tEXt") found.exif = text;
  if (keyword == "Raw profile type exif") profile = raw_profile(text);
  if (keyword == "XML:com.adobe.xmp") found.xmp = text;
}

Metadata png_metadata(Bytes file) {
  const auto completed = complete_png(file);
  if (!completed.empty()) file = completed;
  const ByteReader reader(file);
  Metadata found;
  std::string profile;
  for (std::size_t at = first_chunk; at < reader.size();) {
    const PngChunk chunk = read_png_chunk(reader, at);
    note(chunk, found, profile);
    if (chunk.name == "IEND") break;
    at += chunk.whole.size();
  }
  if (!found.exif && !profile.empty()) found.exif = profile;
  return found;
}

}  // namespace

const Codec png_codec{"PNG", is_png, decode_png, png_metadata};

}  // namespace matcher::image
