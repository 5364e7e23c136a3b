#include "matcher/files/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/files/artefact.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"

namespace matcher {
namespace {

constexpr std::size_t buffer_limit = 1 << 18;

/// True for names of open descriptors, such as /dev/stdout and those of >(…).
bool names_descriptor(const fs::path& path) {
  const auto starts = [&](const char* prefix) { return path.string().starts_with(prefix); };
  return starts("/dev/fd/") || starts("/dev/std") || starts("/proc/");
}

/// A link stays, and the file behind it is replaced. Names of open descriptors stay as they are.
fs::path target_of(fs::path path) {
  if (!names_descriptor(path)) path = follow_links(path);
  return path;
}

/// False for devices, pipes and open descriptors: these are written to, never replaced.
bool is_replaceable(const fs::path& target) {
  std::error_code error;
  const auto status = fs::status(target, error);
  if (names_descriptor(target)) return false;
  return !fs::exists(status) || fs::is_regular_file(status) || fs::is_directory(status);
}

/// Creates an empty file under a name that no other file has. Follows no link.
fs::path create_exclusively(const fs::path& path) {
  for (;;) {
    const auto name = temporary_name(path);
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (descriptor < 0 && errno == EEXIST) continue;
    if (descriptor < 0) fail_writing(path, errno);
    const auto proven = proven_name(path, descriptor);
    ::close(descriptor);
    rename_or_fail(name, proven);  // 64 random bits: no other file has this name
    return proven;
  }
}

/// Creates an empty file that has a proven name from its first moment. Returns "" if the file system, or a missing
/// /proc, does not allow that.
fs::path link_unnamed(const fs::path& path) {
  const int descriptor = ::open(parent_folder(path).c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0644);
  if (descriptor < 0) return {};
  const fs::path name = proven_name(path, descriptor);
  const auto unnamed = fmt::format("/proc/self/fd/{}", descriptor);
  const bool is_linked = ::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  ::close(descriptor);
  return is_linked ? name : fs::path();
}

/// Creates an empty file beside `path`, whose name proves that matcher made it. Removes what killed writers left.
fs::path create_beside(const fs::path& path) {
  remove_proven_files(path);
  auto name = link_unnamed(path);
  return name.empty() ? create_exclusively(path) : name;
}

}  // namespace

OutputFile::OutputFile(const fs::path& path, Mode mode) : path_(path) {
  const int how = mode == Mode::truncate ? O_TRUNC : 0;
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644);
  if (descriptor_ < 0 || (::lseek(descriptor_, 0, SEEK_END) < 0 && errno != ESPIPE)) fail_writing(path_, errno);
  ::flock(descriptor_, LOCK_SH | LOCK_NB);  // remove_left_over_files() sees a running writer
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(buffer_, other.buffer_);
  return *this;
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void OutputFile::write(std::span<const std::byte> data) {
  buffer_.insert(buffer_.end(), data.begin(), data.end());
  if (buffer_.size() >= buffer_limit) flush();
}

void OutputFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void OutputFile::overwrite(std::uint64_t offset, std::string_view text) {
  flush();
  if (::pwrite(descriptor_, text.data(), text.size(), off_t(offset)) != ssize_t(text.size()))
    fail_writing(path_, errno);
}

void OutputFile::flush() {
  std::span<const std::byte> rest(buffer_);
  while (!rest.empty()) {
    const auto written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_writing(path_, errno);
    rest = rest.subspan(std::size_t(written));
  }
  buffer_.clear();
}

void OutputFile::sync() {
  flush();
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) fail_writing(path_, errno);
}

void OutputFile::close() {
  flush();
  if (::close(std::exchange(descriptor_, -1)) != 0) fail_writing(path_, errno);
}

AtomicFile::AtomicFile(fs::path path)
    : path_(target_of(std::move(path))), temporary_(is_replaceable(path_) ? create_beside(path_) : fs::path()) {
  try {
    out_ = OutputFile(temporary_.empty() ? path_ : temporary_, OutputFile::Mode::resume);
  } catch (...) {
    std::error_code ignored;
    if (!temporary_.empty()) fs::remove(temporary_, ignored);
    throw;
  }
}

AtomicFile::~AtomicFile() {
  if (committed_ || temporary_.empty()) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void AtomicFile::commit() {
  out_.sync();
  if (!temporary_.empty()) rename_or_fail(temporary_, path_);
  committed_ = true;
  out_.close();  // its lock shows remove_proven_files() a running writer
  sync_folder(parent_folder(path_));
}

void write_atomically(const fs::path& path, std::string_view text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

void truncate_file(const fs::path& path, std::uintmax_t size) {
  std::error_code error;
  fs::resize_file(path, size, error);
  if (error) fail_writing(path, error.value());
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail_writing(path, error.value());
}

FolderLock::FolderLock(const fs::path& folder, Mode mode) {
  descriptor_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) fail_writing(folder, errno);
  if (::flock(descriptor_, (mode == Mode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) return;
  if (errno != EWOULDBLOCK) return;  // a file system without locks
  ::close(descriptor_);
  throw Error(ErrorCode::resource,
              fmt::format("another matcher is writing \"{}\". Wait until it ends", folder.string()));
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

namespace {

/// Removes first what killed writers of the artefact's files left.
void check_no_others(const fs::path& target, const Artefact& artefact) {
  for (const auto& file : artefact.files) remove_proven_files(target / file);
  for (const auto& entry : list_folder(target)) {
    const auto name = entry.filename().string();
    if (artefact.files.contains(name) || is_litter(name)) continue;
    throw Error(ErrorCode::usage, fmt::format("\"{}\" also has \"{}\", which is not part of the {}, so nothing was "
                                              "written. Move it elsewhere, or name another folder",
                                              target.string(), name, artefact.name));
  }
}

}  // namespace

void check_replaceable(const fs::path& target, std::string_view schema) {
  if (!path_exists(target)) return;
  const auto& artefact = find_artefact(schema);
  if (!is_folder(target)) {
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is a file. Name a new folder, or that of another {}",
                                              target.string(), artefact.name));
  }
  if (list_folder(target).empty()) return;
  if (artefact_in(target) == &artefact) return check_no_others(target, artefact);
  throw Error(ErrorCode::usage, fmt::format("\"{}\" has files, but no {}, so nothing was written. Name "
                                            "another folder, or remove this one yourself",
                                            target.string(), artefact.name));
}

}  // namespace matcher
