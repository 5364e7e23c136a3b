#include "matcher/process/memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace matcher {
namespace {

constexpr auto unknown = std::numeric_limits<std::uintmax_t>::max();

std::uintmax_t difference(std::uintmax_t limit, std::uintmax_t used) { return limit - std::min(limit, used); }

/// Reads the first number of a file; `unknown` if there is none, as for the word "max".
std::uintmax_t number_in(const std::string& path) {
  std::ifstream in(path);
  std::uintmax_t number = 0;
  return in >> number ? number : unknown;
}

/// Reads the number after the word `key`; `missing` if there is none.
std::uintmax_t number_after(const std::string& path, const std::string& key, std::uintmax_t missing) {
  std::ifstream in(path);
  std::uintmax_t number = 0;
  for (std::string word; in >> word;)
    if (word == key && in >> number) return number;
  return missing;
}

/// Free pages and those that the system can reclaim.
std::uintmax_t free_memory() {
  const auto kilobytes = number_after("/proc/meminfo", "MemAvailable:", unknown);
  return kilobytes == unknown ? unknown : kilobytes * 1024;
}

/// Memory that one kind of control group leaves. Cached files are reclaimable, so they do not count as used.
std::uintmax_t left_in_group(const std::string& folder, const char* limit_file, const char* used_file) {
  const auto limit = number_in(folder + limit_file);
  if (limit == unknown) return unknown;
  const auto cached =
      number_after(folder + "memory.stat", "inactive_file", 0) + number_after(folder + "memory.stat", "active_file", 0);
  const auto used = number_in(folder + used_file);
  return used == unknown ? limit : difference(limit, difference(used, cached));
}

std::uintmax_t left_in_control_group() {
  return std::min(left_in_group("/sys/fs/cgroup/", "memory.max", "memory.current"),
                  left_in_group("/sys/fs/cgroup/memory/", "memory.limit_in_bytes", "memory.usage_in_bytes"));
}

}  // namespace

std::uintmax_t address_space_left() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unknown;
  const auto pages = number_in("/proc/self/statm");
  if (pages == unknown) return limit.rlim_cur;
  return difference(limit.rlim_cur, pages * std::uintmax_t(::sysconf(_SC_PAGESIZE)));
}

std::uintmax_t available_memory() { return std::min({free_memory(), left_in_control_group(), address_space_left()}); }

void reset_peak_memory() { std::ofstream("/proc/self/clear_refs") << "5"; }

std::uintmax_t peak_memory() { return 1024 * number_after("/proc/self/status", "VmHWM:", 0); }

}  // namespace matcher
