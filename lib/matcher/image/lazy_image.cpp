#include "matcher/image/lazy_image.hpp"

#include <utility>

#include "matcher/image/codec/alpha.hpp"
#include "matcher/image/codec/codec.hpp"
#include "matcher/image/codec/orientation.hpp"

namespace matcher::image {
namespace {

bool decode_alike(const Preprocess& a, const Preprocess& b) {
  if (a.apply_orientation != b.apply_orientation || a.decode != b.decode) return false;
  const bool same_size = a.resize_shortest_edge == b.resize_shortest_edge && a.resize == b.resize;
  return a.decode == Decode::exact || same_size;
}

}  // namespace

LazyImage::LazyImage(std::span<const std::byte> bytes)
    : bytes_(bytes), codec_(&find_codec(bytes)), memory_(std::make_unique<PixelMemory>()) {}

LazyImage::LazyImage(Image image) : image_(std::move(image)) {}

LazyImage::~LazyImage() {
  if (memory_) memory_->reuse(std::move(image_));
}

const Image& LazyImage::decode(const Preprocess& steps) {
  if (codec_ != nullptr && !(steps_ && decode_alike(*steps_, steps))) {
    image_ = decode_anew(steps);
    for (const auto one : changes_) apply(one);
  }
  steps_ = steps;
  return image_;
}

void LazyImage::change(Change one) {
  changes_.push_back(one);
  apply(one);
}

void LazyImage::apply(Change one) {
  const auto width = std::size_t(image_.width);
  one(image_.rgb, width, 3);
  one(image_.alpha, width, 1);
}

Image LazyImage::decode_anew(const Preprocess& steps) {
  steps_.reset();
  image_ = {};  // first, so that only one of them is in memory
  const int orientation = steps.apply_orientation ? read_orientation(*codec_, bytes_) : 1;
  const auto reduce = [&](Size stored) { return reduction(turned(stored, orientation), steps); };
  const bool reduces = steps.decode == Decode::fast && codec_->decode_reduced != nullptr;
  Image image = reduces ? codec_->decode_reduced(bytes_, reduce, *memory_) : codec_->decode(bytes_, *memory_);
  remove_opaque_alpha(image);
  return upright(std::move(image), orientation);
}

bool LazyImage::can_be_faster() const {
  return codec_ != nullptr && codec_->decode_reduced != nullptr && steps_ && steps_->decode == Decode::exact &&
         reduction({image_.height, image_.width}, *steps_) > 1;
}

void use_image(std::span<const std::byte> bytes, const std::function<void(LazyImage&)>& use) {
  with_memory_errors([&] {
    LazyImage image(bytes);
    use(image);
  });
}

}  // namespace matcher::image
