// Suggests near names and shortens fingerprints, for messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace matcher {

/// Finds the candidate nearest to `name` by edit distance; "" if none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// Returns `; did you mean "x"?`, or `; known: a, b, c` if nothing is near (at most 20), or "" without
/// candidates.
std::string name_hint(std::string_view name, const std::vector<std::string>& candidates);

/// Returns the first 8 digits of a fingerprint, for people.
std::string short_fingerprint(std::string_view fingerprint);

/// Turns a name into a file name: every character outside [A-Za-z0-9._-] becomes '_'.
std::string file_name_of(std::string_view name);

}  // namespace matcher
