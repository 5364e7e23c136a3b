// Maps a file into memory: pages are read from the disk on first use, and leave when memory is short.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace matcher {

class MappedFile {
 public:
  MappedFile() = default;
  /// Throws Error(input) if the file is unreadable or not regular, Error(resource) if the mapping fails.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

/// Returns the whole pages of mapped bytes to the system; the next access reads them again.
void release_pages(std::span<const std::byte> mapped);

}  // namespace matcher
