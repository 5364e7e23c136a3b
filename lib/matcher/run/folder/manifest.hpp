// Reads and writes the manifest.json of a run, which holds the hashes of the other files.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "matcher/run/run.hpp"

namespace matcher::run {

/// Content hashes by file name.
using Hashes = std::map<std::string, std::string>;

struct Manifest {
  std::string model, dataset;  ///< names
  std::map<std::string, std::string> label_names;
  Hashes hashes;  ///< empty in runs of older versions
  Made made{};
};

std::string manifest_text(const Run& run, const Hashes& hashes);

/// Throws Error(input) for a damaged file; a manifest may have no names.
Manifest read_manifest(const std::filesystem::path& file);

/// Throws Error(input) if `hash`, that of the content of `file`, is not the one in its manifest.
void check_hash(const Manifest& manifest, const std::filesystem::path& file, const std::string& hash);

}  // namespace matcher::run
