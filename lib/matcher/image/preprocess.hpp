// Prepares images as the Hugging Face image processors do over Pillow: antialiased resize, centre crop, rescale, mean
// and standard deviation. Reference: transformers' image_transforms.py (numpy and Pillow), Pillow's Resample.c; without
// rounding, transformers' TorchvisionBackend.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "matcher/image/image.hpp"
#include "matcher/image/resize.hpp"

namespace matcher::image {

/// Treatment of transparent images. `automatic`: not given, which drops.
enum class Transparent { automatic, drop, white };

/// exact: every pixel of the file; fast: a JPEG is decoded at a half, a quarter or an eighth if reduction() allows it.
enum class Decode { exact, fast };

std::string_view to_string(Decode decode);

/// Returns nothing for an unknown name.
std::optional<Decode> find_decode(std::string_view name);

/// How half of an odd difference is rounded for a centre crop: down, as transformers does; to the even number, as
/// torchvision does for timm and open_clip.
enum class CropRounding { down, half_to_even };

/// Steps from an image to the input of a network. A step whose size is 0 is skipped.
struct Preprocess {
  Decode decode = Decode::exact;
  bool apply_orientation = true;  ///< turn as EXIF says, as transformers' load_image does
  /// white: compose onto white before all other steps, as transformers 5 does; drop: ignore alpha
  Transparent transparent = Transparent::automatic;
  int resize_shortest_edge = 0;  ///< pixels; keeps the aspect ratio: the long side is int(edge * long / short)
  Size resize;                   ///< or this exact size, whatever the aspect ratio
  Filter filter = Filter::bicubic;
  /// true: to 8 bits, as Pillow resizes bytes; false: not at all, as torchvision resizes floats
  bool round = true;
  Size crop;  ///< centre crop; a smaller image is padded with zeros
  CropRounding crop_rounding = CropRounding::down;
  float scale = 1.0f / 255.0f;
  std::array<float, 3> mean{0, 0, 0};
  std::array<float, 3> deviation{1, 1, 1};

  /// The size of the result; {0, 0} if it depends on the image.
  Size output() const;
  bool operator==(const Preprocess&) const = default;
};

/// Returns 8, 4, 2 or 1: the largest divisor of both sides of `image` that leaves each at least twice as long as the
/// resize makes it. Equals the scale of Pillow's `draft` for twice the size. Returns 1 without a resize.
int reduction(Size image, const Preprocess& options);

/// Composes an image with alpha onto white, as Pillow's `Image.alpha_composite`, to the bit.
Image compose_on_white(const Image& image);

/// Cuts out the centre of `image`: top is (height - crop.height) / 2, rounded. Pixels beyond the borders are zero.
Image centre_crop(const Image& image, Size crop, CropRounding rounding = CropRounding::down);

/// Composes onto white if `options` say so, resizes and crops; the result has 8 bits per channel, whatever
/// `options.round` says.
Image resize_and_crop(const Image& image, const Preprocess& options);

/// Computes (value * scale - mean) / deviation, planar: `out` is [3, height, width], image.height * image.width * 3.
void to_planar(const Image& image, const Preprocess& options, std::span<float> out);

/// Does all steps: `out` is the input of a network, [3, height, width] of options.output(). Without rounding, scaling
/// before the resize, as DINOv3's processor does, gives the same as scaling after it.
void prepare(const Image& image, const Preprocess& options, std::span<float> out);

}  // namespace matcher::image
