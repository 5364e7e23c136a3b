#include "cli/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "cli/drawn_photos.hpp"

namespace cli {
namespace {

void redirect(int descriptor, const fs::path& file) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(opened, descriptor);
}

pid_t start(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
            const fs::path& binary, const fs::path& out, const fs::path& err) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  redirect(STDOUT_FILENO, out);
  redirect(STDERR_FILENO, err);
  for (const auto& entry : environment) ::putenv(::strdup(entry.c_str()));
  std::vector<char*> argv{const_cast<char*>(binary.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(binary.c_str(), argv.data());
  ::_exit(127);
}

fs::path new_folder() {
  std::string name = (fs::temp_directory_path() / "matcher-test-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  return name;
}

}  // namespace

Folder::Folder() : path_(new_folder()) {}
Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

Result run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
           const fs::path& binary) {
  const Folder folder;
  const auto child = start(arguments, environment, binary, folder / "out", folder / "err");
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return {WEXITSTATUS(status), text_of(folder / "out"), text_of(folder / "err")};
}

Result run(const Folder& work, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--workdir", work.str("w")});
  return run(arguments);
}

std::string between(const std::string& text, const std::string& start, const std::string& end) {
  const auto from = text.find(start);
  if (from == std::string::npos) return {};
  const auto inner = from + start.size();
  return text.substr(inner, text.find(end, inner) - inner);
}

bool run_and_kill(const std::vector<std::string>& arguments, int milliseconds) {
  const Folder folder;
  const auto child = start(arguments, {}, MATCHER_BINARY, folder / "out", folder / "err");
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  ::kill(child, SIGKILL);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status);
}

std::string demo() {
  static const Folder folder;
  static const auto path = draw_photos(folder, {"--products", "12", "--gallery-views", "2", "--query-views", "2",
                                                "--unknown", "2", "--size", "96", "--seed", "3"});
  return path;
}

}  // namespace cli
