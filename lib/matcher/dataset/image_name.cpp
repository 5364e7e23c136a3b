#include "matcher/dataset/image_name.hpp"

#include <algorithm>
#include <array>

#include "matcher/core/text.hpp"

namespace matcher::dataset {

bool is_image_name(const std::filesystem::path& path) {
  constexpr std::array extensions{".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",  ".apng", ".webp", ".bmp", ".dib", ".tif",
                                  ".tiff", ".gif",  ".avif", ".heic", ".heif", ".hif",  ".jp2",  ".j2k", ".jxl", ".jxr",
                                  ".psd",  ".svg",  ".ico",  ".tga",  ".ppm",  ".pgm",  ".pbm",  ".exr", ".hdr", ".dng",
                                  ".cr2",  ".cr3",  ".nef",  ".arw",  ".orf",  ".rw2",  ".raf"};
  const auto extension = lower_case(path.extension().string());
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

}  // namespace matcher::dataset
