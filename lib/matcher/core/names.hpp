// Help for messages: near names and short fingerprints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace matcher {

/// The candidate nearest to `name` by edit distance, "" when none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// `; did you mean "x"?` or, when nothing is near, `; known: a, b, c`, or "" when there is nothing to name.
std::string name_hint(std::string_view name, const std::vector<std::string>& candidates);

/// The first 8 digits of a fingerprint, for people.
std::string short_fingerprint(std::string_view fingerprint);

/// A name as a file name: everything outside [A-Za-z0-9._-] becomes '_'.
std::string file_name_of(std::string_view name);

}  // namespace matcher
