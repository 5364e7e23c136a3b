// Writes logs and progress to stderr.
#pragma once

#include <chrono>
#include <string>

#include "matcher/core/observer.hpp"
#include "matcher/core/progress.hpp"
#include "matcher/core/stopped.hpp"

namespace matcher::app {

/// Throws Error(usage) with the allowed names.
LogLevel parse_level(const std::string& name);

/// Draws progress as a line of a terminal, cut to its width. Another stderr gets a line from time to time.
class Terminal : public Observer {
 public:
  /// `list_after` is the time between two lines where stderr is not a terminal.
  Terminal(LogLevel level, bool quiet, std::chrono::seconds list_after);
  void log(LogLevel level, std::string_view message) override;
  void begin(std::string_view stage, std::size_t total, std::size_t done) override;
  void advance(std::size_t steps) override;
  void end() override;
  void say_stopped(const Stopped& stopped);

 private:
  using Clock = std::chrono::steady_clock;
  void check_stop() const;  ///< throws Stopped after a signal
  void draw();
  void clear();

  LogLevel level_;
  bool shows_progress_;  ///< one line that is drawn again and again
  bool lists_progress_;  ///< lines below each other
  std::chrono::milliseconds draw_after_;
  Progress progress_;
  Clock::time_point start_, drawn_;
};

}  // namespace matcher::app
