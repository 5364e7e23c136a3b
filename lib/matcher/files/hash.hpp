// Computes content hashes and fingerprints (XXH3, 128 bits, 32 hex digits). They detect changes, not forgery.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace matcher {

/// Hashes bytes and fields. Fields are separated, so ("ab", "c") and ("a", "bc") differ.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  Hasher& bytes(std::span<const std::byte> data);
  Hasher& field(std::string_view text);
  Hasher& field(double value);
  std::string hex() const;  ///< 32 lower-case hex digits of everything so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string content_hash(std::span<const std::byte> data);

/// Computes the content hash of a file, read in pieces. Throws Error(input) if the file is unreadable.
std::string file_hash(const std::filesystem::path& path);

}  // namespace matcher
