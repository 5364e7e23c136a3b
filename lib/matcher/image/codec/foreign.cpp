#include "matcher/image/codec/foreign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace matcher::image {
namespace {

struct Signature {
  std::size_t at;
  std::string_view text, name;
};

constexpr std::array kImages{
    Signature{0, {"\0\0\0\x0cjP  ", 8}, "JPEG 2000"},
    Signature{0, "\xff\x4f\xff\x51", "JPEG 2000"},
    Signature{0, "\xff\x0a", "JPEG XL"},
    Signature{0, {"\0\0\0\x0cJXL ", 8}, "JPEG XL"},
    Signature{0, "II\xbc", "JPEG XR"},
    Signature{0, "8BPS", "Photoshop (PSD)"},
    Signature{0, "%PDF", "PDF"},
    Signature{0, "%!PS", "PostScript (EPS)"},
    Signature{0, "\xc5\xd0\xd3\xc6", "PostScript (EPS)"},
    Signature{0, "\xd7\xcd\xc6\x9a", "Windows metafile (WMF)"},
    Signature{0, "icns", "Apple icon (ICNS)"},
    Signature{0, "DDS ", "DirectDraw (DDS)"},
    Signature{0, "\x76\x2f\x31\x01", "OpenEXR"},
    Signature{0, "#?RADIANCE", "Radiance HDR"},
    Signature{0, "qoif", "QOI"},
    Signature{0, "\x8aMNG", "MNG"},
    Signature{0, "BPG\xfb", "BPG"},
    Signature{0, "FLIF", "FLIF"},
    Signature{0, "FUJIFILMCCD-RAW", "camera raw (RAF)"},
    Signature{0, "IIRO", "camera raw (ORF)"},
    Signature{0, {"IIU\0", 4}, "camera raw (RW2)"},
    Signature{0, "gimp xcf", "GIMP (XCF)"},
    Signature{0, {"\x59\xa6\x6a\x95", 4}, "Sun raster"},
    Signature{0, {"\x01\xda", 2}, "SGI"},
    Signature{0, "\x8bJNG", "JNG"},
    Signature{0, {"BA\x0e\0\0\0", 6}, "an array of OS/2 bitmaps"},
    Signature{0, {"\x28\0\0\0", 4}, "Windows bitmap without a file header (DIB)"},
    Signature{0, "Pf", "Netpbm"},
    Signature{0, "BLP1", "Blizzard texture (BLP)"},
    Signature{0, "BLP2", "Blizzard texture (BLP)"},
    Signature{0, "DanM", "Windows Paint (MSP)"},
    Signature{0, "LinS", "Windows Paint (MSP)"},
    Signature{0, "Image type: ", "IFUNC (IM)"},
    Signature{0, "SIMPLE  =", "FITS"},
    Signature{128, "DICM", "DICOM"},
};

constexpr std::array kOtherFiles{
    Signature{0, "PK\3\4", "a ZIP archive"},
    Signature{0, "\x1f\x8b", "a file compressed by gzip"},
    Signature{0, "BZh", "a file compressed by bzip2"},
    Signature{0,
              {"\xfd"
               "7zXZ\0",
               6},
              "a file compressed by xz"},
    Signature{0, "\x28\xb5\x2f\xfd", "a file compressed by Zstandard"},
    Signature{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive"},
    Signature{0, "Rar!", "a RAR archive"},
    Signature{257, "ustar", "a tar archive"},
    Signature{0, "\x1a\x45\xdf\xa3", "a video (Matroska or WebM)"},
    Signature{8, "AVI ", "a video (AVI)"},
    Signature{0, {"\0\5\x16\7", 4}, "a file of metadata that macOS writes (AppleDouble)"},
    Signature{0,
              "\x7f"
              "ELF",
              "a program"},
    Signature{0, "\x93NUMPY", "a numpy array"},
    Signature{0, "\x89HDF", "an HDF5 file"},
};

struct Family {
  std::string_view name;
  std::array<std::string_view, 10> brands;
};

// ISO/IEC 23008-12 and the AVIF specification.
constexpr std::array kFamilies{
    Family{"camera raw (CR3)", {"crx "}},
};

[[noreturn]] void refuse_image(std::string_view name) {
  throw DecodeError(fmt::format("{} is not supported. Convert it to JPEG or PNG", name));
}

[[noreturn]] void refuse_file(std::string_view name) {
  throw DecodeError(fmt::format("not an image, but {}. Replace it with the image, or remove it", name));
}

// A box "ftyp" holds a major brand, a version and the compatible brands; a major brand of others may hide a known one.
void check_brands(const ByteReader& reader) {
  if (!reader.has(4, "ftyp")) return;
  const std::size_t end = std::min<std::size_t>(reader.u32(0), std::min<std::size_t>(reader.size(), 256));
  for (std::size_t at = 8; at + 4 <= end; at += at == 8 ? 8 : 4)
    for (const auto& [name, brands] : kFamilies)
      if (std::find(brands.begin(), brands.end(), reader.text(at, 4)) != brands.end()) refuse_image(name);
  refuse_file("a video (MP4 or QuickTime)");
}

bool is_one_of(std::uint32_t value, std::initializer_list<std::uint32_t> values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_zero(const ByteReader& reader, std::size_t at, std::size_t count) {
  return reader.text(at, count) == std::string(count, '\0');
}

bool is_pcx(const ByteReader& reader) {
  return reader.u8(0) == 0x0a && reader.u8(1) <= 5 && reader.u8(2) == 1 && is_one_of(reader.u8(3), {1, 2, 4, 8});
}

bool is_targa(const ByteReader& reader) {
  constexpr std::string_view last{"TRUEVISION-XFILE.\0", 18};
  if (reader.has(reader.size() - last.size(), last)) return true;
  const bool has_map = reader.u8(1) == 1;
  return (has_map || is_zero(reader, 1, 1)) && is_zero(reader, 3, has_map ? 2 : 5) &&
         is_one_of(reader.u8(2), {1, 2, 3, 9, 10, 11}) && is_one_of(reader.u8(16), {8, 15, 16, 24, 32}) &&
         reader.u8(17) < 64 && !is_zero(reader, 12, 2) && !is_zero(reader, 14, 2);
}

// Formats without a signature, or with one that others have too: several fields have to fit.
void check_fields(const ByteReader& reader) {
  constexpr std::size_t shortest_header = 18;
  if (reader.size() < shortest_header) return;
  const bool has_images = !is_zero(reader, 4, 2);
  if (has_images && reader.has(0, {"\0\0\1\0", 4})) refuse_image("Windows icon (ICO)");
  if (has_images && reader.has(0, {"\0\0\2\0", 4})) refuse_image("Windows cursor (CUR)");
  if (is_pcx(reader)) refuse_image("PCX");
  if (is_targa(reader)) refuse_image("Targa (TGA)");
}

bool is_text(std::string_view start) {
  return std::all_of(start.begin(), start.end(), [](unsigned char c) { return c >= 0x20 || (c >= 0x09 && c <= 0x0d); });
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
  return lower;
}

// A server that did not have the image, or a checkout without the contents of its files.
void check_text(std::string_view start) {
  if (start.starts_with("\xef\xbb\xbf")) start.remove_prefix(3);
  const std::string text = lower_case(start.substr(std::min(start.find_first_not_of(" \t\r\n"), start.size())));
  const auto has = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (text.starts_with("version https://git-lfs"))
    throw DecodeError("not an image, but a Git LFS pointer to it. Fetch the image: git lfs pull");
  if (has("<svg")) refuse_image("SVG");
  if (has("<html") || has("<!doctype html"))
    throw DecodeError("not an image, but an HTML page: the server answered with a page. Fetch the image again");
  if (text.starts_with("<"))
    throw DecodeError("not an image, but XML: the server answered with a message. Fetch the image again");
  if (text.starts_with("{") || text.starts_with("["))
    throw DecodeError("not an image, but JSON: the server answered with a message. Fetch the image again");
  if (text.starts_with("data:image"))
    throw DecodeError("not an image, but a data URL. Save the decoded bytes to the file");
  if (text.size() > 2 && text[0] == 'p' && text[1] >= '1' && text[1] <= '7') refuse_image("Netpbm");
  if (!text.empty() && is_text(text)) refuse_file("text");
}

std::string first_bytes(Bytes bytes) {
  std::string hex;
  for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 4)))
    hex += fmt::format(" {:02x}", std::to_integer<int>(byte));
  return hex;
}

}  // namespace

void refuse_foreign(Bytes file) {
  const ByteReader reader(file);
  check_brands(reader);
  for (const auto& [at, text, name] : kImages)
    if (reader.has(at, text)) refuse_image(name);
  for (const auto& [at, text, name] : kOtherFiles)
    if (reader.has(at, text)) refuse_file(name);
  check_fields(reader);
  check_text(reader.text(0, std::min<std::size_t>(file.size(), 512)));
  if (std::all_of(file.begin(), file.end(), [](std::byte byte) { return byte == std::byte{}; }))
    throw DecodeError("not an image: the file holds only zeros. Copy or fetch it again");
  throw DecodeError(
      fmt::format("not an image that matcher knows (starts with{}). Save it as JPEG or PNG", first_bytes(file)));
}

}  // namespace matcher::image
