// The folders that matcher stores, by the schema in their manifest.json: their names and files.
#pragma once

#include <filesystem>
#include <set>
#include <string_view>

namespace matcher {

struct Artefact {
  std::string_view schema, name;  ///< "matcher.index/1", "index"
  std::set<std::string_view> files;
};

/// Throws std::out_of_range for a schema that is not one of a stored folder.
const Artefact& find_artefact(std::string_view schema);

/// The artefact in a folder; null if its manifest.json is missing, damaged or of another program. Throws Error(input)
/// if the manifest cannot be read.
const Artefact* artefact_in(const std::filesystem::path& folder);

/// True for files that file managers and network drives leave in folders.
bool is_litter(std::string_view name);

}  // namespace matcher
