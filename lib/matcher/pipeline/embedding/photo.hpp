// Photos with several boxes: each is read and decoded once for all of them.
#pragma once

#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "matcher/files/content_place.hpp"
#include "matcher/image/image.hpp"

namespace matcher::pipeline {

/// One photo that is cropped. Thread-safe: the first caller works, the others wait.
class Photo {
 public:
  explicit Photo(ContentPlace place) : place_(std::move(place)) {}

  /// The content hash of the photo's bytes. Throws as read_content().
  const std::string& hash();
  /// The upright pixels. Throws as read_content() and image::decode().
  const image::Image& pixels();

 private:
  void read();
  std::mutex mutex_;
  ContentPlace place_;
  std::vector<std::byte> bytes_;  ///< until they are decoded
  std::string hash_;
  std::optional<image::Image> pixels_;
  std::exception_ptr error_;  ///< from the first try; thrown by each later one
};

/// The content hash of a crop: two crops of one photo are different images.
std::string crop_hash(const std::string& photo_hash, const Box& box);

/// Reads and decodes the image at a path of items.csv, upright, and cuts its box out.
image::Image load_image(const std::string& path);

}  // namespace matcher::pipeline
