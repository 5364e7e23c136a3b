#include "matcher/core/role.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"

namespace matcher {

Role parse_role(std::string_view text, std::string_view what) {
  if (text == "gallery") return Role::gallery;
  if (text == "queries") return Role::queries;
  throw Error(ErrorCode::usage, fmt::format("unknown {} \"{}\"; use gallery or queries", what, text));
}

Split parse_split(std::string_view text) {
  if (text == "gallery") return Split::gallery;
  if (text == "queries") return Split::queries;
  if (text == "all") return Split::all;
  throw Error(ErrorCode::usage, fmt::format("unknown split \"{}\"; use gallery, queries or all", text));
}

std::string to_string(Role role) { return role == Role::gallery ? "gallery" : "queries"; }

std::string to_string(Split split) {
  switch (split) {
    case Split::gallery:
      return "gallery";
    case Split::queries:
      return "queries";
    case Split::all:
      break;
  }
  return "all";
}

bool contains(Split split, Role role) { return split == Split::all || split == split_of(role); }

Split split_of(Role role) { return role == Role::gallery ? Split::gallery : Split::queries; }

}  // namespace matcher
