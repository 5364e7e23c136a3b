// The role of an item in an evaluation, and the part of a dataset that a command works on.
#pragma once

#include <string>
#include <string_view>

namespace matcher {

/// Gallery: the catalogue images that are searched. Queries: the test images.
enum class Role { gallery, queries };

/// The items of one role, or of both.
enum class Split { gallery, queries, all };

/// Both throw Error(usage) for another word. `what` names the value in the message: "role", "side".
Role parse_role(std::string_view text, std::string_view what = "role");
Split parse_split(std::string_view text);

std::string to_string(Role role);
std::string to_string(Split split);

bool contains(Split split, Role role);
Split split_of(Role role);

}  // namespace matcher
