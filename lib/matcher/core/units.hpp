// Parses and formats sizes and times as people type them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace matcher {

/// Parses "8GiB", "500 MB" or "1024" to bytes. K, M, G and T with "iB" are powers of 1024, with "B" or alone of 1000.
/// Throws Error(usage).
std::uintmax_t parse_bytes(std::string_view text);

/// Parses "30d", "12h", "45m" or "10s". Throws Error(usage).
std::chrono::seconds parse_duration(std::string_view text);

/// 2147483648 -> "2.0 GiB".
std::string human_bytes(std::uintmax_t bytes);

/// 22056576 -> "22.1 M".
std::string human_count(std::uintmax_t count);

/// 45 -> "45 s", 5400 -> "1.5 h".
std::string human_seconds(double seconds);

}  // namespace matcher
