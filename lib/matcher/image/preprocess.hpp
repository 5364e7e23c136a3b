// Preprocessing that equals the Hugging Face image processors over Pillow: antialiased resize, centre crop, rescale,
// mean and standard deviation. Reference: transformers' image_transforms.py (numpy and Pillow), Pillow's Resample.c.
#pragma once

#include <array>
#include <span>

#include "matcher/image/image.hpp"

namespace matcher::image {

enum class Filter { bilinear, bicubic };

struct Size {
  int height = 0;
  int width = 0;
  bool operator==(const Size&) const = default;
};

/// What happens to a picture before the network sees it. Each step is skipped when its size is 0.
struct Preprocess {
  bool apply_orientation = true;  ///< turn as EXIF says, as transformers' load_image does
  int resize_shortest_edge = 0;   ///< keep the aspect ratio; the long side is int(edge * long / short)
  Size resize;                    ///< or: exactly this, whatever the aspect ratio
  Filter filter = Filter::bicubic;
  Size crop;  ///< centre crop; a smaller picture is padded with zeros
  float scale = 1.0f / 255.0f;
  std::array<float, 3> mean{0, 0, 0};
  std::array<float, 3> deviation{1, 1, 1};

  /// The size of what comes out; {0, 0} when it depends on the picture.
  Size output() const;
  bool operator==(const Preprocess&) const = default;
};

/// Pillow 13's `Image.resize((width, height), filter)` for RGB, bit for bit: antialiased, fixed point, two passes.
/// Earlier versions of Pillow give the same but where the height shrinks by more than twice the pixels the width does:
/// there some values differ by a few levels. Throws DecodeError when a side of either size is 0 or absurd.
Image resize(const Image& image, Size size, Filter filter);

/// The centre of `image`: top is (height - crop.height) / 2 rounded down; beyond the borders, zeros.
Image centre_crop(const Image& image, Size crop);

/// Resize and crop, still 8 bits a channel.
Image resize_and_crop(const Image& image, const Preprocess& options);

/// (value * scale - mean) / deviation, planar: `out` is [3, height, width], of image.height * image.width * 3 floats.
void to_planar(const Image& image, const Preprocess& options, std::span<float> out);

}  // namespace matcher::image
