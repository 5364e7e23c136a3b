// Rectangles on images: the part of a photo that shows one product.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace matcher {

/// A rectangle on the upright image, from its top left corner.
struct Box {
  double x = 0, y = 0, width = 0, height = 0;  ///< pixels, or shares of the image's sides
  bool fractions = false;                      ///< true: shares from 0 to 1
  double margin = 0;                           ///< share of width and height that is added on each side
  int of_width = 0, of_height = 0;             ///< pixels of the image that the box was drawn on; 0: unknown
  bool operator==(const Box&) const = default;
};

/// Whole pixels of an image; right and bottom are exclusive.
struct PixelBox {
  int left = 0, top = 0, right = 0, bottom = 0;
  bool clipped = false;  ///< the box without its margin reaches beyond the image
};

/// Makes a box from two corners. Width and height are rounded to 9 decimals, so that ids stay short.
Box box_of_corners(double x1, double y1, double x2, double y2);

/// Formats x,y,width,height as ids have them: "10,20,30.5,40".
std::string to_string(const Box& box);

/// Formats everything that decides the pixels: "10,20,30,40", with ";fractions" and ";margin=0.1" where they apply.
std::string describe_crop(const Box& box);

/// Formats the whole box, as it stands behind # in the path of a crop: describe_crop(), and ";of=640x480" if known.
std::string place_suffix(const Box& box);

/// Parses what place_suffix() wrote; nothing for another text, and for a box without an area.
std::optional<Box> parse_box(std::string_view text);

/// Finds the pixels of a box with its margin, within an image of width x height: the corners are rounded as Pillow's
/// Image.crop does, half to even. Nothing if the box without its margin is outside the image, or less than a pixel.
std::optional<PixelBox> find_pixels(const Box& box, int width, int height);

}  // namespace matcher
