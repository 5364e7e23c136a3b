#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <new>
#include <thread>

#include "matcher/image/lazy_image.hpp"
#include "unit/image/difference.hpp"
#include "unit/image/npy.hpp"

namespace matcher {
namespace {

test::Difference decoded_against_pillow(const std::string& name) {
  const auto bytes = test::read_bytes(name);
  return test::difference(image::decode(bytes, true), test::read_pixels(name + ".npy"));
}

TEST_CASE("lossless files decode to exactly the pixels of Pillow") {
  const std::string name = GENERATE(
      "rgb.png", "rgba.png", "la.png", "l.png", "p.png", "p_transparent.png", "p_one_transparent.png", "p2.png",
      "p4.png", "one.png", "grey_transparent.png", "bad_profile.png", "l16.png", "rgb16.png", "la16.png", "rgba16.png",
      "lossless.webp", "lossless_alpha.webp", "1x1.webp", "rgb.bmp", "l.bmp", "p.bmp", "one.bmp", "rgba.bmp",
      "rle8.bmp", "top_down.bmp", "raw.tiff", "lzw.tiff", "deflate.tiff", "bits.tiff", "l.tiff", "la.tiff", "rgba.tiff",
      "one.tiff", "p.tiff", "cmyk.tiff", "l16.tiff", "big_endian.tiff", "big_endian16.tiff");
  CAPTURE(name);
  CHECK(decoded_against_pillow(name).largest == 0);
}

TEST_CASE("lossy files decode to the pixels of Pillow within one grey level") {
  const std::string name =
      GENERATE("444.jpg", "422.jpg", "420.jpg", "grey.jpg", "progressive.jpg", "restart.jpg", "stray.jpg", "cmyk.jpg",
               "ycck.jpg", "1x1.jpg", "9x7.jpg", "300x1.jpg", "lossy.webp", "lossy_alpha.webp");
  CAPTURE(name);
  const auto [largest, mean] = decoded_against_pillow(name);
  CHECK(largest <= 1);
  CHECK(mean < 0.1);
}

TEST_CASE("the content decides the format, not the name") {
  const auto [largest, mean] =
      test::difference(image::decode(test::read_bytes("rgb.bmp"), true), test::read_pixels("rgb.png.npy"));
  CHECK(largest == 0);
}

TEST_CASE("an image is passed on, and a lack of memory there is a reason") {
  const auto bytes = test::read_bytes("rgb.bmp");
  int width = 0;
  image::use_image(bytes, [&](image::LazyImage& image) { width = image.decode({}).width; });
  CHECK(width == 41);
  CHECK_THROWS_AS(image::use_image(bytes, [](image::LazyImage&) { throw std::bad_alloc(); }), image::DecodeError);
}

TEST_CASE("threads decode side by side") {
  const std::vector<std::string> names{"420.jpg", "rgba.png", "lossy.webp", "lzw.tiff", "p.bmp", "cmyk.jpg"};
  std::vector<int> largest(names.size(), 255);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < names.size(); ++i)
    threads.emplace_back([&, i] {
      int worst = 0;
      for (int round = 0; round < 20; ++round) worst = std::max(worst, decoded_against_pillow(names[i]).largest);
      largest[i] = worst;
    });
  for (auto& thread : threads) thread.join();
  for (const int value : largest) CHECK(value <= 1);
}

}  // namespace
}  // namespace matcher
