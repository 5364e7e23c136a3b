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

/// The photo of a work with a box; "" without one.
std::string cropped_photo(const Work& work) {
  const auto place = parse_place(work.item->path);
  return place.box ? place.photo() : std::string();
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

SharedPhotos::SharedPhotos(const std::vector<Work>& works, std::size_t first) : works_(works) {
  std::string last;
  for (std::size_t i = 0; i < works.size(); ++i) {
    auto photo = cropped_photo(works[i]);
    if (!photo.empty()) {
      if (groups_.empty()) groups_.resize(works.size());
      if (counts_.empty() || photo != last) counts_.push_back(0);
      groups_[i] = std::uint32_t(counts_.size());
      counts_.back() += i >= first ? 1 : 0;
    }
    last = std::move(photo);
  }
}

std::shared_ptr<Photo> SharedPhotos::find(std::size_t number) {
  const auto group = group_of(number);
  if (group == 0) return nullptr;
  const std::lock_guard lock(mutex_);
  auto& shared = shared_[group];
  if (!shared.photo) shared = {std::make_shared<Photo>(parse_place(works_[number].item->path)), counts_[group - 1]};
  return shared.photo;
}

void SharedPhotos::done(std::size_t number) {
  const auto group = group_of(number);
  if (group == 0) return;
  const std::lock_guard lock(mutex_);
  if (--shared_[group].remaining == 0) shared_.erase(group);
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
