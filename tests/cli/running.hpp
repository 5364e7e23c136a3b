// Runs the binary on a terminal, or stops it by a signal.
#pragma once

#include "cli/program.hpp"

namespace cli {

/// A command that is running. Its stdout and stderr are files.
class Running {
 public:
  explicit Running(const std::vector<std::string>& arguments);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  void send(int signal) const;
  /// Waits for the end. The code of a command that a signal ended is 128 and the signal, as in a shell.
  Result wait();

 private:
  Folder folder_;
  int child_ = -1;
};

/// Runs the binary on a terminal of `columns`; returns what it shows.
std::string run_on_terminal(const std::vector<std::string>& arguments, int columns);

}  // namespace cli
