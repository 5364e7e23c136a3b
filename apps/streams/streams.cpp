#include "streams/streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>

#include "matcher/core/error.hpp"
#include "matcher/report/escape.hpp"

namespace matcher::app {
namespace {

/// Returns 0, or the reason why not all was written. Waits for a pipe that is full for now.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    pollfd wait{descriptor, POLLOUT, 0};
    if (written < 0 && errno == EAGAIN)
      ::poll(&wait, 1, -1);
    else if (written < 0 && errno != EINTR)
      return errno;
    text.remove_prefix(std::size_t(std::max<ssize_t>(written, 0)));
  }
  return 0;
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// $COLUMNS; 0 if it is unset or not a number.
std::size_t columns_in_environment() {
  if (!is_set("COLUMNS")) return 0;
  const std::string_view text = std::getenv("COLUMNS");
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
  return error == std::errc() && end == text.data() + text.size() ? columns : 0;
}

}  // namespace

void prepare_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // Nothing can be read from it or written to it, as if it were closed.
    if (::fcntl(stream, F_GETFD) < 0) ::open("/", O_PATH);
  }
  std::signal(SIGXFSZ, SIG_IGN);
}

std::size_t terminal_width(int descriptor) {
  if (::isatty(descriptor) == 0) return 0;
  constexpr std::size_t narrowest = 60, usual = 80;
  auto width = columns_in_environment();
  winsize size{};
  if (width == 0 && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  return width == 0 ? usual : std::max(narrowest, width);
}

bool takes_colour(int descriptor) {
  if (is_set("NO_COLOR")) return false;
  if (is_set("CLICOLOR_FORCE") && std::string_view(std::getenv("CLICOLOR_FORCE")) != "0") return true;
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void write_stderr(std::string_view text) { write_all(STDERR_FILENO, text); }

void write_error(std::string_view line) { write_stderr(report::escape_terminal(line) + '\n'); }

void write_stdout(std::string_view text) {
  if (const int reason = write_all(STDOUT_FILENO, text); reason != 0)
    throw Error(ErrorCode::resource, fmt::format("cannot write the result to stdout: {}. Redirect stdout to a writable "
                                                 "place",
                                                 std::strerror(reason)));
}

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

void print_line(std::string_view line) {
  if (const int reason = write_all(STDOUT_FILENO, report::escape_terminal(line) + '\n'); reason != 0)
    throw Error(ErrorCode::resource,
                fmt::format("cannot write to stdout: {}. The command itself is done: {}", std::strerror(reason), line));
}

}  // namespace matcher::app
