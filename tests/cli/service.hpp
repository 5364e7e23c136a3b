// Talks to the running binary through its standard input and output, as a program in another language does.
#pragma once

#include "cli/program.hpp"

namespace cli {

class Service {
 public:
  explicit Service(const std::vector<std::string>& arguments);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  void write(const std::string& text) const;
  /// Waits for the next line of stdout; returns it without its end. "" at the end of stdout, or after 60 seconds.
  std::string read_line();
  void close_input();
  /// The binary can write no more.
  void close_output();
  void send(int signal) const;
  /// Closes stdin and waits for the end: `out` is what was not read yet. The code of a command that a signal ended is
  /// 128 and the signal, as in a shell.
  Result finish();

 private:
  bool fill();
  Folder folder_;
  int input_ = -1, output_ = -1, child_ = -1;
  std::string rest_;
};

/// Runs the binary with `input` on stdin.
Result run_with_input(const std::vector<std::string>& arguments, const std::string& input);

}  // namespace cli
