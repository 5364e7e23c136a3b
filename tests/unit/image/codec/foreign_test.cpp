// Files that no codec reads: the reason names them, and says what to do.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdlib>

#include "matcher/image/image.hpp"

namespace matcher {
namespace {

using Catch::Matchers::ContainsSubstring;

std::string reason(const std::string& text) {
  try {
    image::decode(std::as_bytes(std::span(text)), true);
  } catch (const image::DecodeError& error) {
    return error.what();
  }
  return {};
}

std::string box(const std::string& major, const std::string& compatible) {
  return std::string("\0\0\0\x18", 4) + "ftyp" + major + std::string(4, '\0') + "isom" + compatible;
}

TEST_CASE("images of other formats are named, with what to do") {
  CHECK_THAT(reason("8BPS"), ContainsSubstring("Photoshop"));
  CHECK_THAT(reason("P6 3 3 255"), ContainsSubstring("Netpbm"));
  CHECK_THAT(reason("<?xml version=\"1.0\"?>\n<svg xmlns="), ContainsSubstring("SVG"));
}

TEST_CASE("images whose format has a weak signature are named") {
  const auto filled = [](std::string start) { return start + std::string(40, '\1'); };
  CHECK_THAT(reason(filled({"\0\0\1\0\1\0", 6})), ContainsSubstring("Windows icon"));
  CHECK_THAT(reason(filled({"\0\0\2\0\1\0", 6})), ContainsSubstring("Windows cursor"));
  // 37 x 23 pixels of 24 bits: begins like a cursor without images.
  CHECK(reason(filled({"\0\0\2\0\0\0\0\0\0\0\0\0\x25\0\x17\0\x18\0", 18})) ==
        "Targa (TGA) is not supported. Convert it to JPEG or PNG");
  CHECK_THAT(reason(filled("") + std::string("TRUEVISION-XFILE.\0", 18)), ContainsSubstring("Targa"));
  CHECK_THAT(reason(filled("\x0a\x05\x01\x08")), ContainsSubstring("PCX"));
  CHECK_THAT(reason(filled({"\x28\0\0\0", 4})), ContainsSubstring("DIB"));
  CHECK_THAT(reason(filled({"BA\x0e\0\0\0", 6})), ContainsSubstring("OS/2"));
  CHECK_THAT(reason(std::string(128, '\0') + "DICM...."), ContainsSubstring("DICOM"));
  CHECK_THAT(reason("SIMPLE  =                    T"), ContainsSubstring("FITS"));
}

/// An empty folder for plugins, for one test.
class NoPlugins {
 public:
  NoPlugins() { ::setenv("MATCHER_PLUGIN_PATH", "/nonexistent", 1); }
  ~NoPlugins() { ::unsetenv("MATCHER_PLUGIN_PATH"); }
};

TEST_CASE("formats whose plugin is missing are named, with the package that brings it") {
  const NoPlugins none;
  CHECK(reason("GIF89a..............") ==
        "GIF is not supported by this build, which lacks libmatcher_gif.so. Install libgif-dev and build matcher "
        "again, or "
        "convert the image to JPEG or PNG");
  for (const auto* brand : {"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"})
    CHECK(reason(box(brand, "xxxx")) ==
          "HEIC is not supported by this build, which lacks libmatcher_heif.so. Install libheif-dev and build matcher "
          "again, or convert the image to JPEG or PNG");
  for (const auto* brand : {"avif", "avis"}) CHECK_THAT(reason(box(brand, "xxxx")), ContainsSubstring("AVIF"));
  CHECK_THAT(reason(box("abcd", "heic")), ContainsSubstring("HEIC"));
}

TEST_CASE("a text in place of an image is named, with what to do") {
  CHECK(reason("<!DOCTYPE html><html>") ==
        "not an image, but an HTML page: the server answered with a page. Fetch the image again");
  CHECK_THAT(reason("\n\n  <HTML>"), ContainsSubstring("HTML"));
  CHECK(reason("\n  <?xml version=\"1.0\"?><Error>") ==
        "not an image, but XML: the server answered with a message. Fetch the image again");
  CHECK_THAT(reason("\xEF\xBB\xBF{\"error\": 1}"), ContainsSubstring("JSON"));
  CHECK(reason("version https://git-lfs.github.com/spec/v1\noid") ==
        "not an image, but a Git LFS pointer to it. Fetch the image: git lfs pull");
  CHECK(reason("Access denied\n") == "not an image, but text. Replace it with the image, or remove it");
}

TEST_CASE("other files are named") {
  CHECK(reason("PK\3\4....") == "not an image, but a ZIP archive. Replace it with the image, or remove it");
  CHECK_THAT(reason(box("isom", "mp42")), ContainsSubstring("video"));
  CHECK_THAT(reason("\x1f\x8b\x08"), ContainsSubstring("gzip"));
  CHECK(reason("") == "empty file");
  CHECK(reason(std::string(5000, '\0')) == "not an image: the file holds only zeros. Copy or fetch it again");
  CHECK(reason("\x01\x02\x03\x04\x05") ==
        "not an image that matcher knows (starts with 01 02 03 04). Save it as JPEG or PNG");
}

}  // namespace
}  // namespace matcher
