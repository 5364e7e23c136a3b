// Reads and writes the YAML that describes a model bundle.
#pragma once

#include <string>

#include "matcher/model/bundle.hpp"

namespace matcher::config {

/// Reads a description. `origin` is its file, for messages and for the name if the YAML gives none. The path of the
/// bundle stays empty. Throws Error(usage) with origin:line.
model::Bundle parse_bundle(const std::string& text, const std::string& origin);

/// Writes YAML that parse_bundle reads back to the same bundle. Leaves out path and origin.
std::string write_bundle(const model::Bundle& bundle);

}  // namespace matcher::config
