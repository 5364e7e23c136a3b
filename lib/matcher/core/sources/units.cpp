#include "matcher/core/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "matcher/core/error.hpp"

namespace matcher {
namespace {

struct Quantity {
  double value = 0;
  std::string_view unit;
};

/// Parses a number and the unit after it; the value is below 0 if there is no number.
Quantity parse_quantity(std::string_view text) {
  Quantity q;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), q.value);
  if (error != std::errc() || !std::isfinite(q.value)) return {-1, {}};
  q.unit = text.substr(std::size_t(end - text.data()));
  while (q.unit.starts_with(' ')) q.unit.remove_prefix(1);
  return q;
}

/// Returns the factor of K, M, G, T (with iB, B or nothing after it); 0 for any other unit.
double factor_of(std::string_view unit) {
  if (unit.empty() || unit == "B") return 1;
  const auto step = std::string_view("KMGT").find(unit[0] == 'k' ? 'K' : unit[0]);
  if (step == std::string_view::npos) return 0;
  const auto rest = unit.substr(1);
  if (rest == "iB") return std::pow(1024.0, double(step + 1));
  return rest.empty() || rest == "B" ? std::pow(1000.0, double(step + 1)) : 0;
}

}  // namespace

std::uintmax_t parse_bytes(std::string_view text) {
  const auto [value, unit] = parse_quantity(text);
  const double bytes = value * factor_of(unit);
  if (bytes >= 1 && bytes < 1e18) return std::uintmax_t(bytes);
  throw Error(ErrorCode::usage,
              fmt::format("\"{}\" is not a size. Write it as 8GiB, 500MB or a number of bytes", text));
}

std::chrono::seconds parse_duration(std::string_view text) {
  const auto [value, unit] = parse_quantity(text);
  const double factor = unit == "d" ? 86400 : unit == "h" ? 3600 : unit == "m" ? 60 : unit == "s" ? 1 : -1;
  if (value >= 0 && factor > 0 && value * factor < 1e12) return std::chrono::seconds(std::int64_t(value * factor));
  throw Error(ErrorCode::usage, fmt::format("\"{}\" is not a time. Write it as 30d, 12h, 45m or 10s", text));
}

std::string human_bytes(std::uintmax_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  double value = double(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < units.size()) value /= 1024, ++unit;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string human_count(std::uintmax_t count) {
  constexpr std::array units{"", " k", " M", " G"};
  double value = double(count);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) value /= 1000, ++unit;
  return unit == 0 ? fmt::format("{}", count) : fmt::format("{:.1f}{}", value, units[unit]);
}

std::string human_seconds(double seconds) {
  if (seconds < 1) return "1 s";
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace matcher
