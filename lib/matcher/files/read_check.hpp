// Notices that a stream failed: without a check, a read error and a lack of memory look like the end of the file.
#pragma once

#include <filesystem>
#include <istream>

#include "matcher/core/error.hpp"

namespace matcher {

/// Call it after the last read. Throws Error(resource) if not all of the file at `path` was read.
inline void check_read_to_end(const std::istream& in, const std::filesystem::path& path) {
  if (!in.bad()) return;
  throw Error(ErrorCode::resource, "cannot read \"" + path.string() +
                                       "\" to its end: the disk failed, or memory ran out. Run the command again, or "
                                       "restore the file from a copy");
}

}  // namespace matcher
