// What camera and light do to a photo once everything stands in its place.
#pragma once

#include "demo-photos/canvas.hpp"
#include "demo-photos/random.hpp"

namespace matcher::demo {

/// A smooth change of brightness over the photo.
struct Light {
  Color gain{1, 1, 1};    ///< exposure and colour cast, a factor for each channel
  Point gradient;         ///< how much brighter one edge is than the middle, to the right and downwards
  float vignette = 0;     ///< how much darker the corners are
  float shadow = 0;       ///< how dark a shadow with a soft straight edge falls on the photo, 0 to 1
  float shadow_turn = 0;  ///< its direction, in turns
  float shadow_edge = 0;  ///< its distance from the middle, in photo widths
};

void apply_light(image::Image& photo, const Light& light);

/// Averages over (2 radius + 1)^2 pixels; a second pass makes it nearly a Gaussian. Nothing happens for radius 0.
void blur(image::Image& photo, int radius, int passes = 2);

/// Averages along the rows only, as when the camera moves.
void blur_sideways(image::Image& photo, int radius);

/// Adds noise of about `deviation` to every value.
void add_noise(image::Image& photo, float deviation, Random& random);

}  // namespace matcher::demo
