#include "matcher/files/temporary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <span>

#include "matcher/files/hash.hpp"
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

namespace {

constexpr std::size_t proof_digits = 8;

/// The last digits of a proven name: others do not know the inode before the file exists.
std::string proof_of(std::string_view start, ino_t inode) {
  const auto text = fmt::format("matcher.temporary {} {}", start, inode);
  return content_hash(std::as_bytes(std::span(text))).substr(0, proof_digits);
}

using IsOwn = bool (*)(const std::string& name, const struct stat& about);

bool is_regular(const std::string&, const struct stat& about) { return S_ISREG(about.st_mode); }

/// True for a file of this user, without other names, whose name has the proof of its own inode.
bool is_proven(const std::string& name, const struct stat& about) {
  const auto start = name.size() - proof_digits;
  return S_ISREG(about.st_mode) && about.st_uid == ::geteuid() && about.st_nlink == 1 &&
         name.substr(start) == proof_of(name.substr(start - proof_digits, proof_digits), about.st_ino);
}

/// Removes a temporary file, unless a running writer has locked it.
void remove_if(const fs::path& entry, IsOwn is_own) {
  const int descriptor = ::open(entry.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat about {};
  const bool goes = ::fstat(descriptor, &about) == 0 && is_own(entry.filename().string(), about) &&
                    ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  std::error_code ignored;
  if (goes) fs::remove(entry, ignored);
  ::close(descriptor);
}

void remove_all_if(const fs::path& path, IsOwn is_own) {
  for (const auto& entry : list_if_readable(parent_folder(path))) {
    if (is_temporary_name(entry.filename().string(), path.filename().string())) remove_if(entry, is_own);
  }
}

}  // namespace

std::string proven_name(const fs::path& path, int descriptor) {
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) fail_writing(path, errno);
  const auto start = fmt::format("{:08x}", std::random_device()());
  return fmt::format("{}.tmp-{}{}", path.string(), start, proof_of(start, about.st_ino));
}

void remove_left_over_files(const fs::path& path) { remove_all_if(path, is_regular); }

void remove_proven_files(const fs::path& path) { remove_all_if(path, is_proven); }

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
