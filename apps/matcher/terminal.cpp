#include "terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "interrupt.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/log_level.hpp"
#include "matcher/core/text.hpp"
#include "matcher/report/escape.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

constexpr std::chrono::milliseconds redraw_after{200};

/// The width of stderr, however narrow: a longer line would scroll. A table is at least 60 columns wide.
std::size_t line_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

Stopped stopped_at(std::size_t done, std::size_t total) {
  Stopped stopped;
  stopped.done = done;
  stopped.total = total;
  return stopped;
}

}  // namespace

LogLevel parse_level(const std::string& name) {
  if (const auto level = find_log_level(name)) return *level;
  throw Error(ErrorCode::usage, fmt::format("unknown log level \"{}\"; use debug, info, warning, error or off", name));
}

Terminal::Terminal(LogLevel level, bool quiet, std::chrono::seconds list_after)
    : level_(level),
      shows_progress_(!quiet && ::isatty(STDERR_FILENO)),
      lists_progress_(!quiet && !shows_progress_ && level <= LogLevel::info),
      draw_after_(shows_progress_ ? redraw_after : list_after) {}

void Terminal::log(LogLevel level, std::string_view message) {
  if (level < level_) return;
  clear();
  write_error(fmt::format("matcher: {}{}", level == LogLevel::info ? "" : to_string(level) + ": ", message));
}

void Terminal::begin(std::string_view stage, std::size_t total, std::size_t done) {
  progress_ = {report::escape_terminal(stage), total, done, done};
  start_ = Clock::now();
  drawn_ = shows_progress_ ? Clock::time_point() : start_;
  set_stepping(true);
}

void Terminal::advance(std::size_t steps) {
  progress_.done += steps;
  check_stop();
  if (steps > 0) draw();
}

void Terminal::end() {
  set_stepping(false);
  clear();
  check_stop();
}

void Terminal::check_stop() const {
  if (stop_signal() == 0) return;
  throw stopped_at(progress_.done, progress_.total);
}

void Terminal::say_stopped(const Stopped& stopped) {
  clear();
  if (level_ == LogLevel::off) return;
  const auto done =
      stopped.total == 0 ? fmt::format("{}", stopped.done) : fmt::format("{} of {}", stopped.done, stopped.total);
  write_error(fmt::format("matcher: stopped after {}; the same command {}", done,
                          stopped.continues ? "continues" : "starts again"));
}

void Terminal::draw() {
  const auto now = Clock::now();
  if (!shows_progress_ && !lists_progress_) return;
  if (now - drawn_ < draw_after_) return;
  drawn_ = now;
  const auto line = describe(progress_, std::chrono::duration<double>(now - start_).count());
  if (lists_progress_) return write_error("matcher: " + line);
  write_stderr(fmt::format("\r\033[K{}", fitting_start(line, line_width() - 1)));
}

void Terminal::clear() {
  if (shows_progress_) write_stderr("\r\033[K");
}

}  // namespace matcher::app
