// Reads files. Opening never waits, as a pipe without a writer would.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace matcher {

/// Opens a regular file. Throws Error(input) with the path and the reason.
std::ifstream open_for_reading(const std::filesystem::path& path);

/// Reads a regular file. Throws Error(input) with the path and the reason.
std::vector<std::byte> read_bytes(const std::filesystem::path& path);

/// Reads a file, or what other programs write to a pipe. Throws Error(input) with the path and the reason: also for a
/// pipe without a writer, and for a device without an end.
std::string read_text(const std::filesystem::path& path);

}  // namespace matcher
