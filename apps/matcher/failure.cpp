#include "failure.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <new>

#include "matcher/core/error.hpp"
#include "matcher/core/stopped.hpp"
#include "matcher/files/file.hpp"
#include "matcher/report/junit.hpp"

namespace matcher::app {
namespace {

using Clock = std::chrono::steady_clock;
const auto start = Clock::now();

/// The error of the command is the one to report, not that of the file.
void write_if_possible(const std::string& file, const std::string& command) {
  const auto error = describe_exception();
  try {
    write_atomically(file, report::to_junit(error, command, seconds_since_start()));
  } catch (const std::exception&) {
  }
}

}  // namespace

report::CommandError describe_exception() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ErrorCode::resource, "not enough memory; use a smaller --batch-size or a machine with more memory"};
  } catch (const std::filesystem::filesystem_error& error) {
    return {ErrorCode::resource,
            fmt::format("cannot access \"{}\": {}", error.path1().string(), error.code().message())};
  } catch (const Stopped& stopped) {
    return {ErrorCode::unexpected, fmt::format("stopped by a signal after {} of {}", stopped.done, stopped.total)};
  } catch (const std::exception& error) {
    const std::string text = error.what();
    return {ErrorCode::unexpected, text.substr(0, text.find('\n'))};  // without a list of calls
  }
}

int with_junit(const std::string& file, const std::string& command, const std::function<int()>& work) {
  if (file.empty()) return work();
  try {
    return work();
  } catch (...) {
    write_if_possible(file, command);
    throw;
  }
}

double seconds_since_start() { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace matcher::app
