// A file read where it lies: its pages come from the disk when they are touched, and go when memory is short.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace matcher {

class MappedFile {
 public:
  MappedFile() = default;
  /// Throws Error(input) when it cannot be read or is no file, Error(resource) when it cannot be mapped.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

/// Gives the whole pages of mapped bytes back to the system; they are read again when they are touched again.
void release_pages(std::span<const std::byte> mapped);

}  // namespace matcher
