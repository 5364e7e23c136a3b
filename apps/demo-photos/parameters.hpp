// What determines the photos, and nothing else does.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace matcher::demo {

/// Grows whenever the same parameters give other photos.
inline constexpr int generator_version = 1;

struct Parameters {
  int products = 120;
  int gallery_views = 3;  ///< photos of each product in the gallery
  int query_views = 2;    ///< photos of each product, unknown ones included, among the queries
  int unknown = 20;       ///< further products without a gallery photo
  int size = 256;         ///< pixels of a side
  std::uint64_t seed = 1;
  int quality = 90;  ///< of the JPEG files

  bool operator==(const Parameters&) const = default;

  int gallery_photos() const { return products * gallery_views; }
  int query_photos() const { return (products + unknown) * query_views; }
};

/// Name (that of the flag, without dashes in front) and value of each parameter.
std::vector<std::pair<std::string, std::uint64_t>> list_parameters(const Parameters& parameters);

/// The flags that differ from the defaults, each with a space in front: " --products 200".
std::string changed_flags(const Parameters& parameters);

}  // namespace matcher::demo
