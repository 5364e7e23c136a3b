#include "matcher/files/made.hpp"

#include <fmt/chrono.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace matcher {
namespace {

std::optional<long long> given_time() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr) return std::nullopt;
  long long seconds = 0;
  const auto* end = text + std::strlen(text);
  const auto [last, error] = std::from_chars(text, end, seconds);
  return error == std::errc() && last == end ? std::optional(seconds) : std::nullopt;
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

std::string utc_time(long long seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time_t(seconds)));
}

Made made_since(std::chrono::steady_clock::time_point start) {
  if (const auto given = given_time()) return {utc_time(*given), host_name(), 0};
  const std::chrono::duration<double> duration = std::chrono::steady_clock::now() - start;
  return {utc_time(std::time(nullptr)), host_name(), duration.count()};
}

}  // namespace matcher
