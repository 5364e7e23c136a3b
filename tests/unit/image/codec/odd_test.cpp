// Unusual but valid images: the pixels of Pillow, file by file.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "matcher/image/image.hpp"
#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"

namespace matcher {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> odd_files() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(std::string(MATCHER_TEST_DATA) + "/image/odd"))
    if (entry.path().extension() != ".npy") names.push_back("odd/" + entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

TEST_CASE("images of unusual kinds have the pixels and the orientation of Pillow") {
  const auto names = odd_files();
  REQUIRE(names.size() > 100);
  for (const auto& name : names) {
    CAPTURE(name);
    const bool is_lossy = name.ends_with(".jpg") || name.ends_with("jpeg.tiff");
    const auto image = image::decode(test::read_bytes(name), true);
    CHECK(test::difference(image, test::read_pixels(name + ".npy")).largest <= (is_lossy ? 1 : 0));
  }
}

TEST_CASE("an image whose orientation is not applied stays as stored") {
  const auto bytes = test::read_bytes("odd/turn_packed_profile.png");
  CHECK(image::decode(bytes, true).width == 7);
  CHECK(image::decode(bytes, false).width == 13);
}

}  // namespace
}  // namespace matcher
