// Finds the bytes of an image, and the part of it that counts: a file, a part of a tar shard, a box on a photo.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "matcher/core/box.hpp"

namespace matcher {

/// One path of items.csv: FILE, FILE@OFFSET+SIZE for bytes within a file, each with #X,Y,WIDTH,HEIGHT for a crop.
struct ContentPlace {
  std::filesystem::path file;
  std::optional<Box> box;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> size{};  ///< none: the whole file

  /// The place without its box.
  std::string photo() const;
};

/// Parses a path. A file that exists under the whole path goes before a box, and before a part of a file.
ContentPlace parse_place(const std::string& path);

/// Reads the bytes. Throws Error(input) with the path and the reason: also if the file ends before the part does.
std::vector<std::byte> read_content(const ContentPlace& place);

}  // namespace matcher
