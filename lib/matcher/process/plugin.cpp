#include "matcher/process/plugin.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/process/blas.hpp"
#include "matcher/process/memory.hpp"

#ifndef MATCHER_LIBDIR
#define MATCHER_LIBDIR "lib"
#endif

namespace matcher {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> plugin_folders() {
  if (const char* chosen = std::getenv("MATCHER_PLUGIN_PATH"); chosen != nullptr && *chosen != '\0') return {chosen};
  const auto prefix = program_file().parent_path().parent_path();
  std::vector<fs::path> folders;
  for (const auto* folder : {"lib", MATCHER_LIBDIR}) {
    auto place = (prefix / folder / "matcher").lexically_normal();
    if (std::ranges::find(folders, place) == folders.end()) folders.push_back(std::move(place));
  }
  return folders;
}

/// LibTorch and CUDA ask /proc for the processor.
void check_proc(const PluginName& name) {
  if (path_exists("/proc/cpuinfo")) return;
  throw Error(ErrorCode::resource,
              fmt::format("{} needs /proc, which is not mounted. Mount it: mount -t proc proc /proc", name.library));
}

/// Large libraries end the program, or wait for ever, where their threads and tables find no room.
void check_room(const PluginName& name) {
  constexpr std::uintmax_t needed = 1 << 30;
  const auto left = address_space_left();
  if (left >= needed) return;
  throw Error(ErrorCode::resource, fmt::format("not enough address space for {}: {} left, about {} needed. Raise the "
                                               "limit (ulimit -v)",
                                               name.library, human_bytes(left), human_bytes(needed)));
}

}  // namespace

fs::path find_plugin(const PluginName& name) {
  std::vector<std::string> places;
  for (const auto& folder : plugin_folders()) {
    if (is_file(folder / name.file)) return folder / name.file;
    places.push_back((folder / name.file).string());
  }
  throw Error(ErrorCode::resource,
              fmt::format("the {} plugin is missing: searched {}. Install matcher completely, or set "
                          "$MATCHER_PLUGIN_PATH to the folder of {}",
                          name.library, fmt::join(places, ", "), name.file));
}

void* open_plugin(const PluginName& name) {
  const auto path = find_plugin(name);
  check_proc(name);
  check_room(name);
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(ErrorCode::resource,
                fmt::format("the {} plugin {} does not load: {}. Install the {} that matcher was built "
                            "with, or add its folder to $LD_LIBRARY_PATH",
                            name.library, path.string(), ::dlerror(), name.library));
  }
  stop_blas_threads();  // those that a library of the plugin started
  void* function = ::dlsym(library, name.symbol);
  if (function != nullptr) return function;
  throw Error(ErrorCode::resource, fmt::format("the {} plugin {} belongs to another version of matcher: it has no {}. "
                                               "Install both from one build",
                                               name.library, path.string(), name.symbol));
}

}  // namespace matcher
