// Reads the records of a ZIP file, stored or deflated, one after the other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "matcher/core/error.hpp"
#include "matcher/store/import/byte_stream.hpp"

namespace matcher::store {

/// The archive, not one of its records, is to blame.
struct ArchiveError : Error {
  using Error::Error;
};

class ZipArchive : public ByteStream {
 public:
  /// Throws Error(input) if the file cannot be opened, and ArchiveError(input) if it is not a ZIP file.
  explicit ZipArchive(const std::filesystem::path& path);

  /// Opens the next record and returns its name; nothing after the last. Throws ArchiveError(input) for damage.
  std::optional<std::string> next_record();

  /// Reads bytes of the open record. Checks its checksum before it returns the last. Throws ArchiveError(input) for
  /// damage.
  std::size_t read(std::span<char> out) override;

 private:
  struct Close {
    void operator()(void* opened) const;
  };

  void check(int state) const;
  [[noreturn]] void refuse(const std::string& reason) const;
  bool find_next();
  std::string read_entry();
  void close_record();

  std::string path_;
  std::unique_ptr<void, Close> archive_;
  bool is_started_ = false;  ///< the first record was looked for
  bool is_open_ = false;     ///< a record is open
  std::uint64_t left_ = 0;   ///< bytes of the open record that were not read
};

}  // namespace matcher::store
