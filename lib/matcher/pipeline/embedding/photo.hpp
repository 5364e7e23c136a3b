// Photos with several boxes: each is read and decoded once for all of them.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "matcher/files/content_place.hpp"
#include "matcher/image/image.hpp"
#include "matcher/pipeline/embedding/listing.hpp"

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

/// The photos of a listing. Consecutive boxes of one photo share it; it is dropped after the last of them.
class SharedPhotos {
 public:
  /// Works before `first` are done.
  SharedPhotos(const std::vector<Work>& works, std::size_t first);

  /// The photo of a work with a box; null for other works. Call done() after it.
  std::shared_ptr<Photo> find(std::size_t number);
  void done(std::size_t number);

 private:
  struct Shared {
    std::shared_ptr<Photo> photo;
    std::size_t remaining = 0;  ///< boxes
  };
  std::size_t group_of(std::size_t number) const { return groups_.empty() ? 0 : groups_[number]; }

  const std::vector<Work>& works_;
  std::vector<std::uint32_t> groups_;  ///< per work: number of its photo from 1; 0: no box. Empty: no boxes at all
  std::mutex mutex_;
  std::unordered_map<std::size_t, Shared> shared_;
  std::vector<std::uint32_t> counts_;  ///< boxes of each group from `first` on
};

/// The content hash of a crop: two crops of one photo are different images.
std::string crop_hash(const std::string& photo_hash, const Box& box);

/// Reads and decodes the image at a path of items.csv, upright, and cuts its box out.
image::Image load_image(const std::string& path);

}  // namespace matcher::pipeline
