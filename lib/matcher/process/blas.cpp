#include "matcher/process/blas.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <mutex>

#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"
#include "matcher/process/memory.hpp"

namespace matcher {
namespace {

constexpr const char *blas = "libblas.so.3", *lapack = "liblapack.so.3";
constexpr std::size_t library_bytes = 56 << 20, thread_bytes = 132 << 20;

/// Returns the loaded BLAS, whoever loaded it; nullptr if there is none. Each call adds a user, so it stays loaded.
void* loaded_blas() {
  static std::atomic<void*> known = nullptr;
  if (known == nullptr) known = ::dlopen(blas, RTLD_NOW | RTLD_NOLOAD);
  return known;
}

/// Finds a function of OpenBLAS, if it is loaded; nullptr if the BLAS is another one.
template <typename Function>
Function* find_function(const char* name) {
  void* library = loaded_blas();
  return library == nullptr ? nullptr : reinterpret_cast<Function*>(::dlsym(library, name));
}

int thread_count() {
  auto* const get = find_function<int()>("openblas_get_num_threads");
  return get == nullptr ? 1 : get();
}

void use_threads(int count) {
  auto* const set = find_function<void(int)>("openblas_set_num_threads");
  if (set != nullptr && thread_count() != count) set(count);
}

void check_room(std::size_t bytes) {
  if (address_space_left() >= bytes) return;
  throw Error(ErrorCode::resource, fmt::format("not enough address space for OpenBLAS, which needs {}. Raise the limit "
                                               "(ulimit -v), or use --threads 1",
                                               human_bytes(bytes)));
}

void* open_library(const char* name) {
  if (void* library = ::dlopen(name, RTLD_NOW | RTLD_GLOBAL)) return library;
  throw Error(ErrorCode::resource, fmt::format("BLAS cannot be loaded: {}. Install libopenblas0", ::dlerror()));
}

struct Libraries {
  void *of_blas, *of_lapack;
};

/// Opens both libraries. OpenBLAS would begin a thread per core, which need address space and are never used.
Libraries open_libraries() {
  constexpr const char* variable = "OPENBLAS_NUM_THREADS";
  const bool is_set = std::getenv(variable) != nullptr;
  ::setenv(variable, "1", 0);
  const Libraries all{open_library(blas), open_library(lapack)};
  if (!is_set) ::unsetenv(variable);
  stop_blas_threads();
  return all;
}

/// Loaded once and never closed.
const Libraries& libraries() {
  static const Libraries opened = open_libraries();
  return opened;
}

}  // namespace

void load_blas(std::size_t threads) {
  static std::mutex one;
  static std::size_t room_for = 0;
  const std::lock_guard lock(one);
  if (room_for >= threads) return;
  check_room((room_for == 0 ? library_bytes : 0) + (threads - room_for) * thread_bytes);
  libraries();
  room_for = threads;
}

void* find_blas_function(const char* name) {
  load_blas();
  if (void* found = ::dlsym(libraries().of_blas, name)) return found;
  if (void* found = ::dlsym(libraries().of_lapack, name)) return found;
  throw Error(ErrorCode::resource, fmt::format("BLAS has no function {}. Install libopenblas0", name));
}

void stop_blas_threads() {
  use_threads(1);
  // OpenBLAS itself calls this before a fork.
  if (auto* stop = find_function<int()>("blas_thread_shutdown_")) stop();
}

void use_all_blas_threads() {
  if (auto* cores = find_function<int()>("openblas_get_num_procs")) use_threads(cores());
}

OneBlasThread::OneBlasThread(std::size_t threads) {
  load_blas(threads);
  before_ = thread_count();
  use_threads(1);
}

OneBlasThread::~OneBlasThread() { use_threads(before_); }

}  // namespace matcher
