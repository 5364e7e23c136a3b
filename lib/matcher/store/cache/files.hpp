// Names, headers and records of the files of the vector cache.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "matcher/store/cache.hpp"

namespace matcher::store {

inline constexpr const char* key_file = "key.json";
inline constexpr const char* speed_file = "speed";

std::string folder_name(const ModelIdentity& model);
std::string key_text(const ModelIdentity& model);
/// Returns nothing if the folder does not belong to a cache, or its key is damaged.
std::optional<ModelIdentity> read_key(const std::filesystem::path& folder);
std::string file_name_of_pack(const std::string& stem);
/// The packs of a folder, sorted; none if it is unreadable.
std::vector<std::filesystem::path> packs_of(const std::filesystem::path& folder);
/// Removes what killed processes left of key.json and of the speed.
void remove_left_overs(const std::filesystem::path& folder);

/// A record: a content hash, the vector, and the first half of the hash of both.
inline constexpr std::size_t hash_digits = 32, checksum_digits = 16;
inline constexpr std::size_t record_bytes(std::size_t dimension) {
  return hash_digits + dimension * sizeof(float) + checksum_digits;
}

/// Always pack_header_bytes long.
std::string pack_header(std::size_t dimension);
inline constexpr std::size_t pack_header_bytes = 64;

}  // namespace matcher::store
