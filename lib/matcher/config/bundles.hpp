// Model bundles by name or path, and what the user typed after --model.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "matcher/config/places.hpp"
#include "matcher/model/bundle.hpp"

namespace matcher::config {

/// Reads a description; `origin` is the file it stands in, for messages and for the name where the YAML gives none.
/// Throws Error(usage) with origin:line. The path of the bundle stays empty.
model::Bundle parse_bundle(const std::string& text, const std::string& origin);

/// The description as YAML that parse_bundle reads back to the same bundle (path and origin are not written).
std::string bundle_yaml(const model::Bundle& bundle);

/// Every description in the model folders, sorted by name; of two with one name, the one found first.
std::vector<model::Bundle> find_bundles(const Places& places);

/// A bundle by name, or by the path of a TorchScript file. Bundle.path is absolute, or empty when the file is not
/// there. Throws Error(usage) for an unknown name (with near names) and for a TorchScript file without a description,
/// Error(input) for a path to nothing. The path of a description (.yaml) will do, too.
model::Bundle find_bundle(const std::string& name_or_path, const Places& places);

/// "a:0.6+b:0.4" -> {{"a", 0.6}, {"b", 0.4}}: names or paths joined by '+', each with an optional positive weight
/// (1 unless given). The path of an existing file may hold '+' and ':' itself. Throws Error(usage).
std::vector<std::pair<std::string, double>> parse_model_expression(const std::string& expression);

}  // namespace matcher::config
