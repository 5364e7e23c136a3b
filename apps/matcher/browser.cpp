#include "browser.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "matcher/core/error.hpp"

namespace matcher::app {
namespace {

constexpr const char* opener = "xdg-open";

bool is_in_path(const char* program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((std::filesystem::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

/// Streams that lead nowhere, so that a pipe of this program ends with it. Files of this program are closed.
class QuietStreams {
 public:
  QuietStreams() {
    ::posix_spawn_file_actions_init(&actions_);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      ::posix_spawn_file_actions_addopen(&actions_, stream, "/dev/null", O_RDWR, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  ~QuietStreams() { ::posix_spawn_file_actions_destroy(&actions_); }
  QuietStreams(const QuietStreams&) = delete;
  QuietStreams& operator=(const QuietStreams&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

void require_browser(const std::string& page) {
  if (is_in_path(opener)) return;
  throw Error(ErrorCode::resource,
              fmt::format("--open needs {}, which is not in $PATH. Install xdg-utils, or leave --open out and open "
                          "\"{}\" in a browser yourself",
                          opener, page));
}

void open_in_browser(const std::string& page) {
  auto path = std::filesystem::absolute(page).string();
  std::string program = opener;
  std::array<char*, 3> arguments{program.data(), path.data(), nullptr};
  const QuietStreams streams;
  pid_t process = 0;
  const int reason = ::posix_spawnp(&process, opener, streams.get(), nullptr, arguments.data(), environ);
  if (reason == 0) return;
  throw Error(ErrorCode::resource, fmt::format("cannot start {}: {}. The page is complete: open \"{}\" in a browser",
                                               opener, std::strerror(reason), page));
}

}  // namespace matcher::app
