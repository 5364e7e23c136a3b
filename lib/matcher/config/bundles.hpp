// Finds model bundles by name or path.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/config/places.hpp"
#include "matcher/model/bundle.hpp"

namespace matcher::config {

/// Writes the description of `bundle` as YAML, which find_bundle reads back to the same bundle. Leaves out path and
/// origin.
std::string bundle_yaml(const model::Bundle& bundle);

/// Reads every description in the model folders, sorted by name. If two have one name, the one found first counts.
std::vector<model::Bundle> find_bundles(const Places& places);

/// Finds a bundle by name, or by the path of a TorchScript file or of a description (.yaml). "name@fast" and
/// "name@exact" also choose how images are decoded; without, `decode` does, and without that the description. If this
/// differs from the description, Bundle.name has the suffix, as it has the steps at embedding. An adapted model always
/// decodes as its base. Bundle.path
/// is absolute, or empty if the file is missing. Throws Error(usage) for an unknown name (with near names) and for a
/// TorchScript file without a description, Error(input) for a missing path.
model::Bundle find_bundle(const std::string& name_or_path, const Places& places,
                          std::optional<image::Decode> decode = {});

}  // namespace matcher::config
