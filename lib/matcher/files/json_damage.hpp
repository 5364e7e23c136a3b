// Explains damaged JSON in words. Layers that use it define JSON_DIAGNOSTICS=1, so that exceptions name the key.
#pragma once

#include <exception>
#include <string>

namespace matcher {

/// Describes an exception of nlohmann-json: `"model.name" is missing`, `"count" must be number, but is string`, or `not
/// valid JSON at line 1, column 5`. Contains nothing of the file but keys.
std::string describe_damage(const std::exception& error);

}  // namespace matcher
