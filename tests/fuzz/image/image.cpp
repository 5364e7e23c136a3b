// Images of every format.
#include "matcher/image/image.hpp"

#include <span>

#include "fuzz/target.hpp"

namespace {

using namespace matcher;

const fuzz::Target target(
    "image", [](std::string_view input) { image::decode(std::as_bytes(std::span(input)), true); },
    [] {
      return fuzz::files_in("tests/data/image", {".jpg", ".png", ".webp", ".bmp", ".tiff"}, 1500);
    });

}  // namespace
