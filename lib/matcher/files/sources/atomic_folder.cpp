#include "matcher/files/atomic_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <sstream>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"

namespace matcher {
namespace {

constexpr const char* content_name = "content";
constexpr const char* aside_name = "aside";  ///< the replaced folder, if the file system cannot exchange names
constexpr const char* plan_name = "plan";
constexpr const char* origin_name = "origin";  ///< holds the name of an adopted folder

fs::path without_trailing_slash(const fs::path& path) { return path.has_filename() ? path : path.parent_path(); }

ino_t inode_of(const fs::path& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0 ? about.st_ino : 0;
}

/// The steps of a commit(), written down before them, so that the next start can finish them.
struct Plan {
  ino_t fresh = 0, old = 0;  ///< inodes of the new folder and of the replaced one
  std::string keep;          ///< file name; empty: the replaced folder is removed
};

void write_plan(const fs::path& staging, const Plan& plan) {
  OutputFile out(staging / plan_name);
  out.write(fmt::format("{} {} {}\n", plan.fresh, plan.old, plan.keep));
  out.sync();
  out.close();
}

/// Returns nothing if the plan is missing or was cut short.
std::optional<Plan> read_plan(const fs::path& staging) {
  if (!is_file(staging / plan_name)) return std::nullopt;
  const auto text = read_text(staging / plan_name);
  std::istringstream in(text);
  Plan plan;
  if (!text.ends_with('\n') || !(in >> plan.fresh >> plan.old) || in.get() != ' ') return std::nullopt;
  std::getline(in, plan.keep);
  return plan;
}

bool try_rename(const fs::path& from, const fs::path& to, unsigned how) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), how) == 0;
}

/// Puts `from` in the place of `to`, in one step where the file system can exchange names. Then `from` is what was at
/// `to`, or is missing.
void put_in_place(const fs::path& from, const fs::path& to) {
  if (try_rename(from, to, RENAME_NOREPLACE)) return;
  if (errno == EEXIST && try_rename(from, to, RENAME_EXCHANGE)) return;
  if (errno != EINVAL && errno != ENOSYS) fail_writing(to, errno);
  const auto aside = from.parent_path() / aside_name;
  const bool had = inode_of(to) != 0;
  if (had) rename_or_fail(to, aside);
  if (!try_rename(from, to, 0)) {
    const int reason = errno;
    if (had) try_rename(aside, to, 0);
    fail_writing(to, reason);
  }
  if (had) rename_or_fail(aside, from);
}

/// Removes the mark last, so that the next start continues a removal that was cut short. If listing the folder fails,
/// it keeps its mark. Throws Error(resource) if descriptors run out.
void remove_staging(const fs::path& staging) {
  std::error_code error;
  bool failed = false;
  const auto entries = list_if_readable(staging);
  for (const auto& entry : entries) {
    if (entry.filename() == temporary_mark) continue;
    fs::remove_all(entry, error);
    failed |= bool(error);
  }
  if (failed) return;
  if (!entries.empty()) fs::remove(staging / temporary_mark, error);
  fs::remove(staging, error);
}

void write_mark(const fs::path& folder) { OutputFile(folder / temporary_mark).close(); }

/// Moves an adopted folder back, with the files that were taken out of it.
void give_back(const fs::path& staging) {
  const auto content = staging / content_name;
  auto name = is_file(staging / origin_name) ? read_text(staging / origin_name) : "";
  if (!name.ends_with('\n') || inode_of(content) == 0) return;
  name.pop_back();
  write_mark(content);
  for (const auto& entry : list_if_readable(staging)) {
    const auto part = entry.filename();
    if (part != content_name && part != plan_name && part != origin_name && part != temporary_mark)
      rename_or_fail(entry, content / part);
  }
  try_rename(content, parent_folder(staging) / name, RENAME_NOREPLACE);
}

/// Finishes the plan of a killed commit(), and removes the staging folder.
void finish(const fs::path& staging, const fs::path& target) {
  const auto content = staging / content_name, aside = staging / aside_name;
  const auto plan = read_plan(staging).value_or(Plan{inode_of(content), 0, {}});
  const bool between = plan.old != 0 && inode_of(target) == 0 && inode_of(aside) == plan.old;
  if (between && inode_of(content) == plan.fresh) rename_or_fail(content, target);
  for (const auto& place : {content, aside}) {
    if (plan.old != 0 && inode_of(place) == plan.old && !plan.keep.empty())
      put_in_place(place, parent_folder(target) / plan.keep);
  }
  if (inode_of(content) == plan.fresh) give_back(staging);
  remove_staging(staging);
}

/// True for a folder that matcher made for this user: marked, or killed before it was marked.
bool is_staging(const fs::path& folder) {
  struct stat about {};
  if (::lstat(folder.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) || about.st_uid != ::geteuid()) return false;
  struct stat mark {};
  if (::lstat((folder / temporary_mark).c_str(), &mark) == 0) return S_ISREG(mark.st_mode);
  return (about.st_mode & 0777) == 0700 && list_if_readable(folder).empty();
}

/// A lock on a folder that is tried for some time.
class TriedLock {
 public:
  TriedLock(const fs::path& folder, std::chrono::milliseconds patience)
      : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!(held_ = descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) && is_busy() &&
           std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    busy_ = !held_ && is_busy();
  }
  ~TriedLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  TriedLock(const TriedLock&) = delete;
  TriedLock& operator=(const TriedLock&) = delete;
  bool held() const { return held_; }
  bool busy() const { return busy_; }  ///< another process holds it

 private:
  bool is_busy() const { return descriptor_ >= 0 && errno == EWOULDBLOCK; }
  int descriptor_;
  bool held_ = false, busy_ = false;
};

/// Held on the folder above while a writer starts, so that two of them do not start at the same moment.
constexpr auto start_patience = std::chrono::seconds(10);

/// Finishes the work of all killed writers of `target`. Returns true if a writer is alive.
bool finish_all(const fs::path& target) {
  bool busy = false;
  for (const auto& entry : list_if_readable(parent_folder(target))) {
    if (!is_temporary_name(entry.filename().string(), target.filename().string()) || !is_staging(entry)) continue;
    const TriedLock lock(entry, {});
    if (lock.held()) finish(entry, target);
    busy |= lock.busy();
  }
  return busy;
}

fs::path make_staging(const fs::path& target) {
  for (;;) {
    fs::path staging = temporary_name(target);
    if (::mkdir(staging.c_str(), 0700) == 0) return staging;
    if (errno != EEXIST) fail_writing(target, errno);
  }
}

}  // namespace

fs::path place_of(const fs::path& target) {
  return without_trailing_slash(follow_links(without_trailing_slash(target)));
}

AtomicFolder::AtomicFolder(const fs::path& target) : target_(place_of(target)) {
  make_folder(parent_folder(target_));
  const TriedLock start(parent_folder(target_), start_patience);
  if (finish_all(target_)) {
    throw Error(ErrorCode::resource,
                fmt::format("another matcher is writing \"{}\". Wait until it ends", target_.string()));
  }
  const auto staging = make_staging(target_);
  temporary_ = staging / content_name;
  try {
    lock_.emplace(staging);
    write_mark(staging);
    make_folder(temporary_);
  } catch (...) {
    remove_staging(staging);
    throw;
  }
}

AtomicFolder::~AtomicFolder() {
  if (committed_) return;
  try {
    give_back(temporary_.parent_path());
    remove_staging(temporary_.parent_path());
  } catch (const Error&) {
    // The next start tries again.
  }
}

void AtomicFolder::keep_replaced(const fs::path& keep) {
  try {
    put_in_place(temporary_, parent_folder(target_) / keep.filename());
  } catch (const Error&) {
    put_in_place(temporary_, target_);  // the replaced folder is back, as if nothing had happened
    committed_ = false;
    throw;
  }
}

void AtomicFolder::commit(const fs::path& keep) {
  const auto staging = temporary_.parent_path();
  sync_folder(temporary_);
  const auto old = inode_of(target_);
  if (old != 0) write_plan(staging, {inode_of(temporary_), old, keep.filename().string()});
  sync_folder(staging);
  put_in_place(temporary_, target_);
  committed_ = true;  // from now on the staging folder holds the replaced one
  if (!keep.empty() && old != 0) keep_replaced(keep);
  sync_folder(parent_folder(target_));
  try {
    remove_staging(staging);
  } catch (const Error&) {
    // The folder is in its place; the next start removes the rest.
  }
}

void adopt_folder(const AtomicFolder& to, const fs::path& folder, const std::vector<std::string>& without) {
  const auto staging = to.path().parent_path();
  OutputFile origin(staging / origin_name);
  origin.write(folder.filename().string() + '\n');
  origin.sync();
  origin.close();
  std::error_code ignored, error;
  fs::remove(to.path(), ignored);
  rename_or_fail(folder, to.path());
  for (const auto& name : without) rename_or_fail(to.path() / name, staging / name);
  fs::remove(to.path() / temporary_mark, error);
  if (error) fail_writing(folder, error.value());
}

void finish_replacement(const fs::path& target) {
  const auto folder = place_of(target);
  const TriedLock start(parent_folder(folder), start_patience);
  finish_all(folder);
}

void exchange_folders(const fs::path& a, const fs::path& b) {
  if (!try_rename(a, b, RENAME_EXCHANGE)) fail_writing(a, errno);
  sync_folder(parent_folder(without_trailing_slash(a)));
}

}  // namespace matcher
