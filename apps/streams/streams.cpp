#include "streams/streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
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

}  // namespace

void prepare_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // Nothing can be read from it or written to it, as if it were closed.
    if (::fcntl(stream, F_GETFD) < 0) ::open("/", O_PATH);
  }
  std::signal(SIGXFSZ, SIG_IGN);
}

void write_stderr(std::string_view text) { write_all(STDERR_FILENO, text); }

void write_error(std::string_view line) { write_stderr(report::escape_terminal(line) + '\n'); }

void write_stdout(std::string_view text) {
  if (const int reason = write_all(STDOUT_FILENO, text); reason != 0)
    throw Error(ErrorCode::resource, fmt::format("cannot write the result to stdout: {}. Redirect stdout to a writable "
                                                 "place",
                                                 std::strerror(reason)));
}

void print_line(std::string_view line) {
  if (const int reason = write_all(STDOUT_FILENO, report::escape_terminal(line) + '\n'); reason != 0)
    throw Error(ErrorCode::resource,
                fmt::format("cannot write to stdout: {}. The command itself is done: {}", std::strerror(reason), line));
}

}  // namespace matcher::app
