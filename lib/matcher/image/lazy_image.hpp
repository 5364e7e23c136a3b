// An image that is decoded when a network first needs its pixels, in the way in which that network needs them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "matcher/image/image.hpp"
#include "matcher/image/preprocess.hpp"

namespace matcher::image {

struct Codec;
class PixelMemory;

class LazyImage {
 public:
  /// Borrows the bytes of a file.
  explicit LazyImage(std::span<const std::byte> bytes);
  /// Owns an image that is decoded already.
  explicit LazyImage(Image image);
  ~LazyImage();
  LazyImage(const LazyImage&) = delete;
  LazyImage& operator=(const LazyImage&) = delete;

  /// Decodes in the way and with the orientation that `steps` name. Decodes again only if the previous call had other
  /// ones; the reference is then invalid. Throws as image::decode().
  const Image& decode(const Preprocess& steps);

  /// Changes the pixels, and the alpha, of the image that was decoded and of those decoded from now on, by
  /// `one(pixels, width, channels)`.
  using Change = void (*)(std::span<std::uint8_t> pixels, std::size_t width, std::size_t channels);
  void change(Change one);

  /// Moves the image of the last decode() out.
  Image take() && { return std::move(image_); }
  bool has_alpha() const { return !image_.alpha.empty(); }  ///< after the last decode()
  /// True if the last decode() was exact, and a fast one would make fewer pixels.
  bool can_be_faster() const;

 private:
  Image decode_anew(const Preprocess& steps);
  void apply(Change one);

  std::span<const std::byte> bytes_;
  const Codec* codec_ = nullptr;  ///< null: the image was given
  std::unique_ptr<PixelMemory> memory_;
  std::optional<Preprocess> steps_;  ///< the last decode()
  Image image_;
  std::vector<Change> changes_;
};

/// Passes the image in `bytes` to `use`. Until `use` returns, decoded pixels count against a budget of memory that all
/// threads share, so calls wait while other threads use large images. Turns a lack of memory in `use` into DecodeError.
void use_image(std::span<const std::byte> bytes, const std::function<void(LazyImage&)>& use);

}  // namespace matcher::image
