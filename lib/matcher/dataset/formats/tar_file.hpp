// Lists the files in a tar archive with the places of their bytes, so that they are read without unpacking.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "matcher/files/mapped_file.hpp"

namespace matcher::dataset {

/// A regular file in an archive.
struct TarMember {
  std::string name;
  std::uint64_t offset = 0, size = 0;
  std::string_view bytes;  ///< borrowed from the archive
};

/// A tar archive as POSIX (ustar, pax) and GNU tar write it.
class TarFile {
 public:
  /// Throws Error(input), with what it is, for a file that is not a tar archive.
  explicit TarFile(const std::filesystem::path& path);

  /// Passes each regular file to `use`, in order. Throws Error(input) for an archive that is cut short, with the name
  /// of the file in which it ends, and for a damaged header.
  void for_each(const std::function<void(const TarMember&)>& use) const;
  /// True if the archive ends with the mark that tar writes there; call it after for_each().
  bool has_end() const { return has_end_; }

 private:
  std::string name_;
  MappedFile file_;
  std::string_view text_;
  mutable bool has_end_ = false;
};

}  // namespace matcher::dataset
