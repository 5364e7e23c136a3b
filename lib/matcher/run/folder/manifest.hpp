// Reads and writes the manifest.json of a run.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "matcher/run/run.hpp"

namespace matcher::run {

std::string manifest_text(const Run& run);

/// Throws Error(input) for a damaged file; a manifest may have no names.
std::map<std::string, std::string> read_label_names(const std::filesystem::path& manifest);

}  // namespace matcher::run
