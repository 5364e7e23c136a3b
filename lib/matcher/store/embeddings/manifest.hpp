// Reads and writes the manifest.json of an embedding set.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/store/embedding_set.hpp"

namespace matcher::store {

std::string manifest_text(const Manifest& manifest);

/// Throws Error(input) if the file is missing or damaged, Error(mismatch) for another schema.
Manifest read_manifest(const std::filesystem::path& file);

}  // namespace matcher::store
