#include "cli/running.hpp"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

namespace cli {
namespace {

[[noreturn]] void execute(const std::vector<std::string>& arguments) {
  std::string binary = MATCHER_BINARY;
  std::vector<char*> argv{binary.data()};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(binary.c_str(), argv.data());
  ::_exit(127);
}

void redirect(int descriptor, const std::string& file) {
  ::dup2(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), descriptor);
}

}  // namespace

Running::Running(const std::vector<std::string>& arguments) : child_(::fork()) {
  if (child_ != 0) return;
  redirect(STDOUT_FILENO, folder_.str("out"));
  redirect(STDERR_FILENO, folder_.str("err"));
  execute(arguments);
}

Running::~Running() {
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

void Running::send(int signal) const { ::kill(child_, signal); }

Result Running::wait() {
  int status = 0;
  REQUIRE(::waitpid(child_, &status, 0) == child_);
  child_ = -1;
  const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return {code, text_of(folder_ / "out"), text_of(folder_ / "err")};
}

std::string run_on_terminal(const std::vector<std::string>& arguments, int columns) {
  int terminal = -1;
  const winsize size{24, static_cast<unsigned short>(columns), 0, 0};
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    ::unsetenv("COLUMNS");
    execute(arguments);
  }
  std::string shown;
  char bytes[4096];
  for (ssize_t count = 0; (count = ::read(terminal, bytes, sizeof bytes)) > 0;) shown.append(bytes, std::size_t(count));
  ::close(terminal);
  ::waitpid(child, nullptr, 0);
  return shown;
}

}  // namespace cli
