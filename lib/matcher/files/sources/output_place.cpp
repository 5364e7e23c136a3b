#include "matcher/files/output_place.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "matcher/core/error.hpp"
#include "matcher/files/artefact.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"

namespace matcher {
namespace {

/// The folder itself, or the nearest one above it that exists.
fs::path nearest_folder(fs::path folder) {
  while (!path_exists(folder) && folder.has_parent_path() && folder != folder.parent_path())
    folder = folder.parent_path();
  return path_exists(folder) ? folder : fs::path(".");
}

/// Creates a folder in `folder` and removes it again: permissions alone do not show a read-only or special file system.
void try_folder(const fs::path& folder, const fs::path& target) {
  const auto probe = temporary_name(folder / target.filename());
  if (::mkdir(probe.c_str(), 0700) != 0) fail_writing(target, errno);
  ::rmdir(probe.c_str());
}

}  // namespace

void check_file_place(const fs::path& path) {
  if (is_folder(path)) fail_writing(path, EISDIR);
  if (path_exists(path) && !is_file(path)) return;
  AtomicFile probe(path);
}

void check_append_place(const fs::path& path) {
  if (!path_exists(path)) return check_file_place(path);
  if (is_folder(path)) fail_writing(path, EISDIR);
  if (::access(path.c_str(), W_OK) != 0) fail_writing(path, errno);
}

void check_outside_artefact(const fs::path& file) {
  const auto folder = parent_folder(follow_links(file));
  if (::access((folder / "manifest.json").c_str(), R_OK) != 0) return;
  const auto* artefact = artefact_in(folder);
  if (artefact == nullptr) return;
  throw Error(ErrorCode::usage, fmt::format("\"{}\" would be in a stored {}, whose files belong together. Write it to "
                                            "another folder",
                                            file.string(), artefact->name));
}

bool is_same_file(const fs::path& a, const fs::path& b) {
  if (path_exists(a) && !is_file(a)) return false;
  std::error_code ignored;
  return fs::weakly_canonical(fs::absolute(a, ignored), ignored) ==
         fs::weakly_canonical(fs::absolute(b, ignored), ignored);
}

void check_folder_place(const fs::path& path) {
  const auto place = place_of(path);
  const auto nearest = nearest_folder(parent_folder(place));
  finish_replacement(nearest / place.filename());  // removes what a killed process tried, too
  try_folder(nearest, place);
}

void check_artefact_place(const fs::path& path, std::string_view schema) {
  check_replaceable(path, schema);
  check_folder_place(path);
}

}  // namespace matcher
