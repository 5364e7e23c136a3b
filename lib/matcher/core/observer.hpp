// Reports messages and progress to the caller: the library itself never prints.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace matcher {

enum class LogLevel { debug, info, warning, error, off };

/// Receives the reports of a long job. Only one thread at a time may call its functions.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void log(LogLevel level, std::string_view message) = 0;
  /// Begins a stage of `total` steps, with `done` of them done before (0 total: unknown).
  virtual void begin(std::string_view stage, std::size_t total, std::size_t done) = 0;
  virtual void advance(std::size_t steps) = 0;
  virtual void end() = 0;
};

/// Ignores every report.
class SilentObserver : public Observer {
 public:
  void log(LogLevel, std::string_view) override {}
  void begin(std::string_view, std::size_t, std::size_t) override {}
  void advance(std::size_t) override {}
  void end() override {}
};

}  // namespace matcher
