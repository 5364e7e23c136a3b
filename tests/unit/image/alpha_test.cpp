// Images with alpha, composed onto white: the pixels of transformers 5, file by file.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>

#include "matcher/image/preprocess.hpp"
#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"

namespace matcher {
namespace {

namespace fs = std::filesystem;

const fs::path folder = std::string(MATCHER_TEST_DATA) + "/image";

struct File {
  std::string name;      ///< below tests/data/image
  std::string on_white;  ///< the expected pixels, below tests/data/image
};

std::vector<File> find_files() {
  std::vector<File> files;
  for (const std::string place : {"", "odd/", "alpha/"})
    for (const auto& entry : fs::directory_iterator(folder / place)) {
      const auto name = entry.path().filename().string();
      if (!entry.is_regular_file() || name.ends_with(".npy")) continue;
      const auto prefix = place.empty() ? "" : place.substr(0, place.size() - 1) + "-";
      files.push_back({place + name, "alpha/" + prefix + name + ".npy"});
    }
  return files;
}

TEST_CASE("transparent images on white have the pixels of transformers, and other images do not change") {
  int transparent = 0;
  for (const auto& [name, on_white] : find_files()) {
    CAPTURE(name);
    const auto image = image::decode(test::read_bytes(name), true);
    const auto composed = image::compose_on_white(image);
    if (!fs::exists(folder / on_white)) {
      CHECK(composed.rgb == image.rgb);
      continue;
    }
    ++transparent;
    const bool is_lossy = name == "lossy_alpha.webp";
    CHECK(test::difference(composed, test::read_pixels(on_white)).largest <= (is_lossy ? 1 : 0));
  }
  CHECK(transparent == 48);
}

TEST_CASE("alpha that is 255 everywhere is none") {
  CHECK(image::decode(test::read_bytes("alpha/opaque.png"), true).alpha.empty());
  CHECK(image::decode(test::read_bytes("alpha/animated_opaque.webp"), true).alpha.empty());
  CHECK(image::decode(test::read_bytes("rgb.png"), true).alpha.empty());
}

TEST_CASE("preprocessing composes onto white only if the description says so") {
  const auto image = image::decode(test::read_bytes("rgba.png"), true);
  image::Preprocess options;
  options.resize = {20, 20};
  const auto dropped = image::resize_and_crop(image, options);
  options.transparent = image::Transparent::drop;
  CHECK(image::resize_and_crop(image, options).rgb == dropped.rgb);
  options.transparent = image::Transparent::white;
  const auto white = image::resize_and_crop(image, options);
  CHECK(white.rgb != dropped.rgb);
  options.transparent = image::Transparent::drop;
  CHECK(white.rgb == image::resize_and_crop(image::compose_on_white(image), options).rgb);
}

}  // namespace
}  // namespace matcher
