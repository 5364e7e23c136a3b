#include "matcher/process/other_load.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace matcher {
namespace {

double seconds(const timeval& time) { return double(time.tv_sec) + 1e-6 * double(time.tv_usec); }

double own_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

std::string processor_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return {};
}

/// The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; times of guests are in user.
CoreTimes core_times() {
  CoreTimes times{.own = own_seconds()};
  std::ifstream in("/proc/stat");
  std::string word;
  in >> word;
  const double tick = 1 / double(::sysconf(_SC_CLK_TCK));
  double ticks = 0;
  for (int i = 0; i < 8 && in >> ticks; ++i) {
    times.all += tick * ticks;
    if (i != 3 && i != 4) times.busy += tick * ticks;
  }
  return times;
}

double other_load(const CoreTimes& before, const CoreTimes& after) {
  const double all = after.all - before.all;
  if (all <= 0) return 0;
  return std::clamp((after.busy - before.busy - (after.own - before.own)) / all, 0.0, 1.0);
}

}  // namespace matcher
