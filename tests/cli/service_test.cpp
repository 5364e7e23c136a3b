#include "cli/service.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

namespace cli {

Service::Service(const std::vector<std::string>& arguments) {
  int in[2], out[2];
  REQUIRE(::pipe2(in, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(out, O_CLOEXEC) == 0);
  const auto err = folder_.str("err");
  std::string binary = MATCHER_BINARY;
  std::vector<char*> argv{binary.data()};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  child_ = ::fork();
  ::signal(SIGPIPE, SIG_IGN);  // a binary that ended reads no more
  if (child_ == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    ::execv(binary.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  output_ = out[0];
}

Service::~Service() {
  close_input();
  close_output();
  if (child_ < 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

void Service::write(const std::string& text) const {
  REQUIRE(::write(input_, text.data(), text.size()) == ssize_t(text.size()));
}

bool Service::fill() {
  char bytes[4096];
  pollfd wait{output_, POLLIN, 0};
  if (::poll(&wait, 1, 60000) <= 0) return false;
  const auto count = ::read(output_, bytes, sizeof bytes);
  if (count > 0) rest_.append(bytes, std::size_t(count));
  return count > 0;
}

std::string Service::read_line() {
  while (rest_.find('\n') == std::string::npos) {
    if (!fill()) return "";
  }
  const auto end = rest_.find('\n');
  const auto line = rest_.substr(0, end);
  rest_.erase(0, end + 1);
  return line;
}

void Service::close_input() {
  if (input_ >= 0) ::close(input_);
  input_ = -1;
}

void Service::close_output() {
  if (output_ >= 0) ::close(output_);
  output_ = -1;
}

void Service::send(int signal) const { ::kill(child_, signal); }

Result Service::finish() {
  close_input();
  while (output_ >= 0 && fill()) {
  }
  int status = 0;
  REQUIRE(::waitpid(child_, &status, 0) == child_);
  child_ = -1;
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), rest_, text_of(folder_ / "err")};
}

Result run_with_input(const std::vector<std::string>& arguments, const std::string& input) {
  Service service(arguments);
  service.write(input);
  return service.finish();
}

}  // namespace cli
