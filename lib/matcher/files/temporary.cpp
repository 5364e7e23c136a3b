#include "matcher/files/temporary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>

#include "matcher/files/paths.hpp"

namespace matcher {

void fail_writing(const fs::path& path, int error) {
  const auto hint = error == ENOSPC ? ". Free some space or choose another place, then run the same command again"
                                    : ". Choose a writable place";
  throw Error(ErrorCode::resource, fmt::format("cannot write \"{}\": {}{}", path.string(), std::strerror(error), hint));
}

void sync_folder(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

void rename_or_fail(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) fail_writing(to, error.value());
}

std::string temporary_name(const fs::path& path) {
  std::random_device random;
  return fmt::format("{}.tmp-{:08x}{:08x}", path.string(), random(), random());
}

bool is_temporary_name(std::string_view name, std::string_view target) {
  constexpr std::string_view between = ".tmp-", digits = "0123456789abcdef";
  return name.size() == target.size() + between.size() + digits.size() && name.starts_with(target) &&
         name.substr(target.size()).starts_with(between) &&
         name.find_first_not_of(digits, target.size() + between.size()) == std::string_view::npos;
}

void remove_left_over_files(const fs::path& path) {
  for (const auto& entry : list_if_readable(parent_folder(path))) {
    if (!is_temporary_name(entry.filename().string(), path.filename().string())) continue;
    const int descriptor = ::open(entry.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat about {};
    const bool is_idle = descriptor >= 0 && ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) &&
                         ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    std::error_code ignored;
    if (is_idle) fs::remove(entry, ignored);
    if (descriptor >= 0) ::close(descriptor);
  }
}

fs::path parent_folder(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

fs::path follow_links(fs::path path) {
  std::error_code error;
  for (int links = 0; links < 40 && fs::is_symlink(path, error); ++links) {
    const auto next = fs::read_symlink(path, error);
    path = next.is_absolute() ? next : parent_folder(path) / next;
  }
  return path;
}

std::string file_state(const fs::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return "";
  return fmt::format("{} {}.{:09} {}.{:09}", about.st_size, about.st_mtim.tv_sec, about.st_mtim.tv_nsec,
                     about.st_ctim.tv_sec, about.st_ctim.tv_nsec);
}

}  // namespace matcher
