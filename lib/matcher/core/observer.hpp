// How the library speaks: it never prints. Whoever calls it may listen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace matcher {

enum class LogLevel { debug, info, warning, error, off };

/// What a long job tells while it runs. Every function may be called from one thread at a time only.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void log(LogLevel level, std::string_view message) = 0;
  /// A stage of `total` steps begins, of which `done` were done before (0 total: not known).
  virtual void begin(std::string_view stage, std::size_t total, std::size_t done) = 0;
  virtual void advance(std::size_t steps) = 0;
  virtual void end() = 0;
};

/// Listens to nothing.
class SilentObserver : public Observer {
 public:
  void log(LogLevel, std::string_view) override {}
  void begin(std::string_view, std::size_t, std::size_t) override {}
  void advance(std::size_t) override {}
  void end() override {}
};

}  // namespace matcher
