// Writes logs and progress to stderr; progress only if stderr is a terminal.
#pragma once

#include <chrono>
#include <string>

#include "matcher/core/observer.hpp"

namespace matcher::app {

/// Throws Error(usage) with the allowed names.
LogLevel parse_level(const std::string& name);

class Terminal : public Observer {
 public:
  Terminal(LogLevel level, bool quiet);
  void log(LogLevel level, std::string_view message) override;
  void begin(std::string_view stage, std::size_t total, std::size_t done) override;
  void advance(std::size_t steps) override;
  void end() override;

 private:
  using Clock = std::chrono::steady_clock;
  void draw();
  void clear();

  LogLevel level_;
  bool shows_progress_;
  std::string stage_;
  std::size_t total_ = 0, before_ = 0, done_ = 0;
  Clock::time_point start_, drawn_;
};

}  // namespace matcher::app
