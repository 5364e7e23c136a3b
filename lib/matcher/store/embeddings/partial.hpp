// The folder of an unfinished embedding set, `<output>.partial`, and which of its entries are matcher's.
#pragma once

#include <filesystem>

namespace matcher::store {

inline constexpr const char* vectors_name = "vectors.npy";
inline constexpr const char* items_name = "items.csv";
inline constexpr const char* failures_name = "failures.csv";
inline constexpr const char* manifest_name = "manifest.json";
inline constexpr const char* journal_name = "journal";
inline constexpr const char* key_name = "key";

std::filesystem::path partial_of(const std::filesystem::path& output);

/// Creates the folder. Throws Error(usage) if a file or a link has its name, Error(resource) if it cannot be written.
void make_partial(const std::filesystem::path& partial);

/// Marks the folder as matcher's own, and removes half-written files. Throws Error(usage), before any change, if the
/// folder holds anything that matcher did not write.
void claim_partial(const std::filesystem::path& partial);

}  // namespace matcher::store
