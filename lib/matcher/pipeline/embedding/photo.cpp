#include "matcher/pipeline/embedding/photo.hpp"

#include <utility>

#include "matcher/files/hash.hpp"
#include "matcher/image/crop.hpp"

namespace matcher::pipeline {
namespace {

/// Keeps the error of `step` for later callers.
template <class Step>
void try_once(std::exception_ptr& error, const Step& step) {
  if (error) std::rethrow_exception(error);
  try {
    step();
  } catch (...) {
    error = std::current_exception();
    throw;
  }
}

}  // namespace

void Photo::read() {
  if (!hash_.empty()) return;
  bytes_ = read_content(place_);
  hash_ = content_hash(bytes_);
}

const std::string& Photo::hash() {
  const std::lock_guard lock(mutex_);
  try_once(error_, [&] { read(); });
  return hash_;
}

const image::Image& Photo::pixels() {
  const std::lock_guard lock(mutex_);
  try_once(error_, [&] {
    if (pixels_) return;
    read();
    pixels_ = image::decode(std::exchange(bytes_, {}), true);
  });
  return *pixels_;
}

std::string crop_hash(const std::string& photo_hash, const Box& box) {
  return Hasher().field("crop").field(photo_hash).field(describe_crop(box)).hex();
}

image::Image load_image(const std::string& path) {
  const auto place = parse_place(path);
  auto image = image::decode(read_content(place), true);
  return place.box ? image::crop(image, *place.box) : image;
}

}  // namespace matcher::pipeline
