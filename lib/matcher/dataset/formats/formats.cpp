#include "matcher/dataset/formats/formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"

namespace matcher::dataset {

const std::vector<const Format*>& formats() {
#define MATCHER_ADDRESS_FORMAT(name) &name##_format,
  static const std::vector<const Format*> all{MATCHER_DATASET_FORMATS(MATCHER_ADDRESS_FORMAT)};
#undef MATCHER_ADDRESS_FORMAT
  return all;
}

const Format& find_format(const std::string& key) {
  for (const Format* format : formats())
    if (format->about.key == key) return *format;
  throw Error(ErrorCode::usage, fmt::format("unknown catalogue format \"{}\"", key));
}

bool is_image_name(const std::filesystem::path& path) {
  constexpr std::array extensions{".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",  ".apng", ".webp", ".bmp", ".dib", ".tif",
                                  ".tiff", ".gif",  ".avif", ".heic", ".heif", ".hif",  ".jp2",  ".j2k", ".jxl", ".jxr",
                                  ".psd",  ".svg",  ".ico",  ".tga",  ".ppm",  ".pgm",  ".pbm",  ".exr", ".hdr", ".dng",
                                  ".cr2",  ".cr3",  ".nef",  ".arw",  ".orf",  ".rw2",  ".raf"};
  const auto extension = lower_case(path.extension().string());
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

}  // namespace matcher::dataset
