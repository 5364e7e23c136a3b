// Writes damaged index files with a correct hash.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::index::test {

inline constexpr std::size_t seal = 33;

inline void write(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  OutputFile out(path);
  out.write(bytes);
  out.close();
}

/// Returns the bytes with a correct hash.
inline std::vector<std::byte> sealed(std::vector<std::byte> bytes) {
  bytes.erase(bytes.end() - seal, bytes.end());
  const auto hash = content_hash(bytes) + "\n";
  for (const char c : hash) bytes.push_back(std::byte(c));
  return bytes;
}

}  // namespace matcher::index::test
