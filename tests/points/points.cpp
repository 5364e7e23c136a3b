// A library for LD_PRELOAD: ends the process, or fails a call, at the n-th call on files below one folder.
// A point is one such call. The variables of the environment:
//   MATCHER_POINTS_ROOT    absolute path of the folder
//   MATCHER_POINTS_KINDS   kinds of calls that count, such as "write,sync"; the kinds are those of `kinds` below
//   MATCHER_POINTS_AT      number of the point, from 1; 0 only counts
//   MATCHER_POINTS_ERRNO   0 kills the process, in the middle of a write; another number is the errno of the failure
//   MATCHER_POINTS_ALWAYS  1: all later points fail too, as on a full disk
//   MATCHER_POINTS_HURRY   1: the steady clock runs ahead, so that work which is due every second is always due
//   MATCHER_POINTS_LOG     file that gets one line per point: number, kind, call and path
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

enum Kind {
  kind_write,
  kind_sync,
  kind_rename,
  kind_remove,
  kind_create,
  kind_unnamed,
  kind_open,
  kind_read,
  kind_map,
  kind_memory
};
constexpr const char* kinds[] = {"write",   "sync", "rename", "remove", "create",
                                 "unnamed", "open", "read",   "map",    "memory"};
constexpr std::size_t least_memory = 1024;  // smaller requests never fail on a real machine either

struct Settings {
  const char* root = nullptr;
  unsigned kinds = 0;
  long at = 0;
  int error = 0;
  bool always = false, hurry = false;
  int log = -1;
};

Settings settings;
std::atomic<long> count = 0;
std::atomic<bool> active = false;  // only while main runs: start and end belong to the libraries
thread_local int paused = 0;       // above 0 inside dlopen, and while a point is written to the log

struct Pause {
  Pause() { ++paused; }
  ~Pause() { --paused; }
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;
};

long number(const char* name) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::atol(text) : 0;
}

void load_settings() {
  settings.root = std::getenv("MATCHER_POINTS_ROOT");
  const char* wanted = std::getenv("MATCHER_POINTS_KINDS");
  for (unsigned k = 0; wanted != nullptr && k <= kind_memory; ++k) {
    if (std::strstr(wanted, kinds[k]) != nullptr) settings.kinds |= 1U << k;
  }
  settings.at = number("MATCHER_POINTS_AT");
  settings.error = int(number("MATCHER_POINTS_ERRNO"));
  settings.always = number("MATCHER_POINTS_ALWAYS") != 0;
  settings.hurry = number("MATCHER_POINTS_HURRY") != 0;
  if (const char* log = std::getenv("MATCHER_POINTS_LOG"))
    settings.log = int(::syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
}

/// The path of an open descriptor; empty if it has none.
struct DescriptorPath {
  explicit DescriptorPath(int descriptor) {
    char link[32];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const auto length = ::readlink(link, text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
  }
  char text[4096];
};

struct AbsolutePath {
  AbsolutePath(int folder, const char* path) {
    if (path[0] == '/') {
      std::snprintf(text, sizeof text, "%s", path);
    } else if (folder == AT_FDCWD) {
      char current[4096];
      std::snprintf(text, sizeof text, "%s/%s", ::getcwd(current, sizeof current) != nullptr ? current : "", path);
    } else {
      std::snprintf(text, sizeof text, "%s/%s", DescriptorPath(folder).text, path);
    }
  }
  char text[8200];
};

bool is_below_root(const char* path) {
  const auto length = settings.root != nullptr ? std::strlen(settings.root) : 0;
  return length > 0 && std::strncmp(path, settings.root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

bool counts(Kind kind) { return active && paused == 0 && (settings.kinds & (1U << kind)) != 0; }

void log_point(long point, Kind kind, const char* call, const char* path) {
  char line[8400];
  const int length = std::snprintf(line, sizeof line, "%ld %s %s %s\n", point, kinds[kind], call, path);
  if (settings.log >= 0) ::syscall(SYS_write, settings.log, line, length);
}

/// Counts a point. True if this is the one; then errno is set, for a failure.
bool reached(Kind kind, const char* call, const char* path) {
  const Pause pause;
  const long point = ++count;
  log_point(point, kind, call, path);
  const bool is_it = settings.at > 0 && (point == settings.at || (settings.always && point > settings.at));
  if (is_it) errno = settings.error;
  return is_it;
}

[[noreturn]] void die() {
  for (;;) ::kill(::getpid(), SIGKILL);
}

/// True if the call is to fail. Does not return if the process is to end here.
bool fails(Kind kind, const char* call, const char* path) {
  if (!counts(kind) || !is_below_root(path) || !reached(kind, call, path)) return false;
  if (settings.error == 0) die();
  return true;
}

bool fails_at(Kind kind, const char* call, int folder, const char* path) {
  return counts(kind) && path != nullptr && fails(kind, call, AbsolutePath(folder, path).text);
}

bool fails_for(Kind kind, const char* call, int descriptor) {
  return counts(kind) && fails(kind, call, DescriptorPath(descriptor).text);
}

// Looks up the function of the next library. Without the guard of a static object, because a library that starts a
// thread while it is loaded would wait for itself.
#define NEXT(name)                                  \
  static std::atomic<void*> found_##name = nullptr; \
  if (found_##name == nullptr) {                    \
    const Pause pause;                              \
    found_##name = ::dlsym(RTLD_NEXT, #name);       \
  }                                                 \
  auto* const real_##name = reinterpret_cast<decltype(&::name)>(found_##name.load())

/// As `fails_for`, but half of the bytes are written before the process ends.
template <class Write>
bool write_fails(const char* call, int descriptor, const Write& write_half) {
  if (!counts(kind_write)) return false;
  const DescriptorPath path(descriptor);
  if (!is_below_root(path.text) || !reached(kind_write, call, path.text)) return false;
  if (settings.error != 0) return true;
  write_half();
  die();
}

bool creates(int flags) { return (flags & O_CREAT) != 0; }
bool is_unnamed(int flags) { return (flags & O_TMPFILE) == O_TMPFILE; }
Kind kind_of_open(int flags) {
  if (is_unnamed(flags)) return kind_unnamed;
  return creates(flags) || (flags & O_ACCMODE) != O_RDONLY ? kind_create : kind_open;
}

using Main = int (*)(int, char**, char**);
Main real_main = nullptr;

int main_between(int argc, char** argv, char** environment) {
  load_settings();
  active = true;
  const int result = real_main(argc, argv, environment);
  active = false;
  return result;
}

}  // namespace

// Some prototypes of the C library say noexcept and attributes, others do not; these definitions repeat none of them.
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wmissing-attributes"
#pragma GCC visibility push(default)
extern "C" {

int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*end)(), void* stack) {
  using Start = int(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  real_main = main;
  const auto start = reinterpret_cast<Start*>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  return start(main_between, argc, argv, init, fini, end, stack);
}

void* dlopen(const char* file, int mode) {
  NEXT(dlopen);
  const Pause pause;
  return real_dlopen(file, mode);
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  NEXT(clock_gettime);
  static std::atomic<long> ahead = 0;
  const int result = real_clock_gettime(clock, time);
  if (active && settings.hurry && clock == CLOCK_MONOTONIC) time->tv_sec += ahead += 2;
  return result;
}

// kind_write

ssize_t write(int descriptor, const void* bytes, size_t size) {
  NEXT(write);
  const auto half = [&] { return real_write(descriptor, bytes, size / 2); };
  return write_fails("write", descriptor, half) ? -1 : real_write(descriptor, bytes, size);
}

ssize_t writev(int descriptor, const iovec* parts, int size) {
  NEXT(writev);
  const auto half = [&] { return real_writev(descriptor, parts, size / 2); };
  return write_fails("writev", descriptor, half) ? -1 : real_writev(descriptor, parts, size);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  NEXT(pwrite);
  const auto half = [&] { return real_pwrite(descriptor, bytes, size / 2, offset); };
  return write_fails("pwrite", descriptor, half) ? -1 : real_pwrite(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  NEXT(pwrite64);
  const auto half = [&] { return real_pwrite64(descriptor, bytes, size / 2, offset); };
  return write_fails("pwrite64", descriptor, half) ? -1 : real_pwrite64(descriptor, bytes, size, offset);
}

ssize_t sendfile(int to, int from, off_t* offset, size_t size) noexcept {
  NEXT(sendfile);
  return fails_for(kind_write, "sendfile", to) ? -1 : real_sendfile(to, from, offset, size);
}

ssize_t copy_file_range(int from, off64_t* start, int to, off64_t* offset, size_t size, unsigned flags) {
  NEXT(copy_file_range);
  return fails_for(kind_write, "copy_file_range", to) ? -1 : real_copy_file_range(from, start, to, offset, size, flags);
}

int ftruncate(int descriptor, off_t size) noexcept {
  NEXT(ftruncate);
  return fails_for(kind_write, "ftruncate", descriptor) ? -1 : real_ftruncate(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) noexcept {
  NEXT(ftruncate64);
  return fails_for(kind_write, "ftruncate64", descriptor) ? -1 : real_ftruncate64(descriptor, size);
}

int truncate(const char* path, off_t size) noexcept {
  NEXT(truncate);
  return fails_at(kind_write, "truncate", AT_FDCWD, path) ? -1 : real_truncate(path, size);
}

int truncate64(const char* path, off64_t size) noexcept {
  NEXT(truncate64);
  return fails_at(kind_write, "truncate64", AT_FDCWD, path) ? -1 : real_truncate64(path, size);
}

// kind_sync

int fsync(int descriptor) {
  NEXT(fsync);
  return fails_for(kind_sync, "fsync", descriptor) ? -1 : real_fsync(descriptor);
}

int fdatasync(int descriptor) {
  NEXT(fdatasync);
  return fails_for(kind_sync, "fdatasync", descriptor) ? -1 : real_fdatasync(descriptor);
}

// kind_rename

int rename(const char* from, const char* to) noexcept {
  NEXT(rename);
  return fails_at(kind_rename, "rename", AT_FDCWD, to) ? -1 : real_rename(from, to);
}

int renameat(int from_folder, const char* from, int folder, const char* to) noexcept {
  NEXT(renameat);
  return fails_at(kind_rename, "renameat", folder, to) ? -1 : real_renameat(from_folder, from, folder, to);
}

int renameat2(int from_folder, const char* from, int folder, const char* to, unsigned flags) noexcept {
  NEXT(renameat2);
  return fails_at(kind_rename, "renameat2", folder, to) ? -1 : real_renameat2(from_folder, from, folder, to, flags);
}

int link(const char* from, const char* to) noexcept {
  NEXT(link);
  return fails_at(kind_rename, "link", AT_FDCWD, to) ? -1 : real_link(from, to);
}

int linkat(int from_folder, const char* from, int folder, const char* to, int flags) noexcept {
  NEXT(linkat);
  return fails_at(kind_rename, "linkat", folder, to) ? -1 : real_linkat(from_folder, from, folder, to, flags);
}

// kind_remove

int unlink(const char* path) noexcept {
  NEXT(unlink);
  return fails_at(kind_remove, "unlink", AT_FDCWD, path) ? -1 : real_unlink(path);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  NEXT(unlinkat);
  return fails_at(kind_remove, "unlinkat", folder, path) ? -1 : real_unlinkat(folder, path, flags);
}

int remove(const char* path) noexcept {
  NEXT(remove);
  return fails_at(kind_remove, "remove", AT_FDCWD, path) ? -1 : real_remove(path);
}

int rmdir(const char* path) noexcept {
  NEXT(rmdir);
  return fails_at(kind_remove, "rmdir", AT_FDCWD, path) ? -1 : real_rmdir(path);
}

// kind_create and kind_open

int mkdir(const char* path, mode_t mode) noexcept {
  NEXT(mkdir);
  return fails_at(kind_create, "mkdir", AT_FDCWD, path) ? -1 : real_mkdir(path, mode);
}

int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  NEXT(mkdirat);
  return fails_at(kind_create, "mkdirat", folder, path) ? -1 : real_mkdirat(folder, path, mode);
}

char* mkdtemp(char* path) noexcept {
  NEXT(mkdtemp);
  return fails_at(kind_create, "mkdtemp", AT_FDCWD, path) ? nullptr : real_mkdtemp(path);
}

int mkstemp(char* path) {
  NEXT(mkstemp);
  return fails_at(kind_create, "mkstemp", AT_FDCWD, path) ? -1 : real_mkstemp(path);
}

int mkostemp(char* path, int flags) {
  NEXT(mkostemp);
  return fails_at(kind_create, "mkostemp", AT_FDCWD, path) ? -1 : real_mkostemp(path, flags);
}

#define MODE_OF(flags)                       \
  mode_t mode = 0;                           \
  if (creates(flags) || is_unnamed(flags)) { \
    va_list rest;                            \
    va_start(rest, flags);                   \
    mode = va_arg(rest, mode_t);             \
    va_end(rest);                            \
  }

int open(const char* path, int flags, ...) {
  NEXT(open);
  MODE_OF(flags)
  return fails_at(kind_of_open(flags), "open", AT_FDCWD, path) ? -1 : real_open(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  NEXT(open64);
  MODE_OF(flags)
  return fails_at(kind_of_open(flags), "open64", AT_FDCWD, path) ? -1 : real_open64(path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  NEXT(openat);
  MODE_OF(flags)
  return fails_at(kind_of_open(flags), "openat", folder, path) ? -1 : real_openat(folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
  NEXT(openat64);
  MODE_OF(flags)
  return fails_at(kind_of_open(flags), "openat64", folder, path) ? -1 : real_openat64(folder, path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
  NEXT(fopen);
  const auto kind = mode[0] == 'r' && std::strchr(mode, '+') == nullptr ? kind_open : kind_create;
  return fails_at(kind, "fopen", AT_FDCWD, path) ? nullptr : real_fopen(path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
  NEXT(fopen64);
  const auto kind = mode[0] == 'r' && std::strchr(mode, '+') == nullptr ? kind_open : kind_create;
  return fails_at(kind, "fopen64", AT_FDCWD, path) ? nullptr : real_fopen64(path, mode);
}

DIR* opendir(const char* path) {
  NEXT(opendir);
  return fails_at(kind_open, "opendir", AT_FDCWD, path) ? nullptr : real_opendir(path);
}

// kind_read and kind_map

ssize_t read(int descriptor, void* bytes, size_t size) {
  NEXT(read);
  return fails_for(kind_read, "read", descriptor) ? -1 : real_read(descriptor, bytes, size);
}

ssize_t pread(int descriptor, void* bytes, size_t size, off_t offset) {
  NEXT(pread);
  return fails_for(kind_read, "pread", descriptor) ? -1 : real_pread(descriptor, bytes, size, offset);
}

ssize_t pread64(int descriptor, void* bytes, size_t size, off64_t offset) {
  NEXT(pread64);
  return fails_for(kind_read, "pread64", descriptor) ? -1 : real_pread64(descriptor, bytes, size, offset);
}

void* mmap(void* where, size_t size, int protection, int flags, int descriptor, off_t offset) noexcept {
  NEXT(mmap);
  if (descriptor >= 0 && fails_for(kind_map, "mmap", descriptor)) return MAP_FAILED;
  return real_mmap(where, size, protection, flags, descriptor, offset);
}

void* mmap64(void* where, size_t size, int protection, int flags, int descriptor, off64_t offset) noexcept {
  NEXT(mmap64);
  if (descriptor >= 0 && fails_for(kind_map, "mmap64", descriptor)) return MAP_FAILED;
  return real_mmap64(where, size, protection, flags, descriptor, offset);
}

// kind_memory. A sanitizer brings functions of its own, which must not be mixed with these.
#ifndef MATCHER_SANITIZED

void* __libc_malloc(size_t size) noexcept;
void* __libc_calloc(size_t count, size_t size) noexcept;
void* __libc_realloc(void* memory, size_t size) noexcept;
void* __libc_memalign(size_t alignment, size_t size) noexcept;

static bool memory_fails(const char* call, size_t size) {
  if (size < least_memory || !counts(kind_memory)) return false;
  return reached(kind_memory, call, "");
}

void* malloc(size_t size) noexcept { return memory_fails("malloc", size) ? nullptr : __libc_malloc(size); }

void* calloc(size_t number_of, size_t size) noexcept {
  return memory_fails("calloc", number_of * size) ? nullptr : __libc_calloc(number_of, size);
}

void* realloc(void* memory, size_t size) noexcept {
  return memory_fails("realloc", size) ? nullptr : __libc_realloc(memory, size);
}

int posix_memalign(void** memory, size_t alignment, size_t size) noexcept {
  if (memory_fails("posix_memalign", size)) return ENOMEM;
  *memory = __libc_memalign(alignment, size);
  return *memory != nullptr ? 0 : ENOMEM;
}

void* aligned_alloc(size_t alignment, size_t size) noexcept {
  return memory_fails("aligned_alloc", size) ? nullptr : __libc_memalign(alignment, size);
}

#endif
}
