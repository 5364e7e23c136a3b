#include "matcher/report/cache_list.hpp"

#include <fmt/chrono.h>

#include <chrono>

namespace matcher::report {

std::string date(std::filesystem::file_time_type time) {
  const auto at = std::chrono::file_clock::to_sys(time);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time_t(seconds)));
}

}  // namespace matcher::report
