#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/report/escape.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

constexpr std::array<std::pair<const char*, LogLevel>, 5> levels{{{"debug", LogLevel::debug},
                                                                  {"info", LogLevel::info},
                                                                  {"warning", LogLevel::warning},
                                                                  {"error", LogLevel::error},
                                                                  {"off", LogLevel::off}}};

std::string duration(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  if (s >= 3600) return fmt::format("{}:{:02}:{:02} h", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02} min", s / 60, s % 60);
}

}  // namespace

LogLevel parse_level(const std::string& name) {
  for (const auto& [known, level] : levels) {
    if (name == known) return level;
  }
  throw Error(ErrorCode::usage, fmt::format("unknown log level \"{}\"; use debug, info, warning, error or off", name));
}

Terminal::Terminal(LogLevel level, bool quiet) : level_(level), shows_progress_(!quiet && ::isatty(STDERR_FILENO)) {}

void Terminal::log(LogLevel level, std::string_view message) {
  if (level < level_) return;
  clear();
  const auto* name = levels[std::size_t(level)].first;
  write_error(fmt::format("matcher: {}{}", level == LogLevel::info ? "" : fmt::format("{}: ", name), message));
}

void Terminal::begin(std::string_view stage, std::size_t total, std::size_t done) {
  stage_ = report::escape_terminal(stage);
  total_ = total;
  before_ = done_ = done;
  start_ = Clock::now();
  drawn_ = {};
}

void Terminal::advance(std::size_t steps) {
  done_ += steps;
  draw();
}

void Terminal::end() { clear(); }

void Terminal::draw() {
  const auto now = Clock::now();
  if (!shows_progress_ || now - drawn_ < std::chrono::milliseconds(200)) return;
  drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = double(done_ - before_) / std::max(seconds, 1e-9);
  write_stderr(fmt::format("\r\033[K{}: {}/{}  {:.1f}/s  {} left", stage_, done_, total_, rate,
                           duration(double(total_ - done_) / std::max(rate, 1e-9))));
}

void Terminal::clear() {
  if (shows_progress_) write_stderr("\r\033[K");
}

}  // namespace matcher::app
