#include "matcher/files/paths.hpp"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>

#include "matcher/core/error.hpp"

namespace matcher {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> list(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    entries.push_back(it->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// True for errors that say nothing about the path: it must not be taken for a missing one.
bool lacks_resources(const std::error_code& error) {
  return error == std::errc::too_many_files_open || error == std::errc::too_many_files_open_in_system ||
         error == std::errc::not_enough_memory;
}

/// Without /proc, the kernel still passes the path that was executed.
fs::path find_program() {
  std::error_code error;
  auto file = fs::read_symlink("/proc/self/exe", error);
  if (!error) return file;
  const auto* executed = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  if (executed == nullptr) return {};
  file = fs::canonical(executed, error);
  return error ? fs::path() : file;
}

}  // namespace

bool path_exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::string why_missing(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::directory) return "is a folder";
  if (status.type() == fs::file_type::not_found || !error) return "does not exist";
  return fmt::format("cannot be reached ({})", error.message());
}

fs::path absolute_path(const fs::path& path) {
  std::error_code error;
  const auto here = path.is_absolute() ? fs::path() : fs::current_path(error);
  if (error) throw Error(ErrorCode::input, fmt::format("the current folder is unusable: {}", error.message()));
  return (here / path).lexically_normal();
}

std::vector<fs::path> list_folder(const fs::path& folder) {
  std::error_code error;
  auto entries = list(folder, error);
  if (!error) return entries;
  throw Error(ErrorCode::input, fmt::format("cannot read the folder \"{}\": {}", folder.string(), error.message()));
}

std::vector<fs::path> list_if_readable(const fs::path& folder) {
  std::error_code error;
  auto entries = list(folder, error);
  if (lacks_resources(error)) {
    throw Error(ErrorCode::resource, fmt::format("cannot read the folder \"{}\": {}. Close other programs, or raise "
                                                 "the limit (ulimit), then run the same command again",
                                                 folder.string(), error.message()));
  }
  return entries;
}

bool is_readable(const fs::path& path) { return ::access(path.c_str(), R_OK) == 0; }

fs::path program_file() {
  static const fs::path file = find_program();
  return file;
}

}  // namespace matcher
