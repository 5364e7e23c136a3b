// Runs the real binary: exit code, stdout and stderr apart; and a small demo dataset that is drawn once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cli {

namespace fs = std::filesystem;

struct Result {
  int code = -1;
  std::string out, err;
};

/// `arguments` are not seen by a shell. Environment entries ("NAME=value") are added.
Result run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {},
           const fs::path& binary = MATCHER_BINARY);

/// Starts the binary, kills it with SIGKILL after `milliseconds`; true when it was still running.
bool run_and_kill(const std::vector<std::string>& arguments, int milliseconds);

/// A fresh folder, removed at the end of the test.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path operator/(const std::string& name) const { return path_ / name; }
  std::string str(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

/// Runs the binary with the work folder `work`/w.
Result run(const Folder& work, std::vector<std::string> arguments);

/// 12 products, 2 gallery views, 2 query views, 2 unknown products, 96 pixels; drawn once.
std::string demo();

/// The text from the first `start` to the next `end`, without both; "" without `start`.
std::string between(const std::string& text, const std::string& start, const std::string& end);

std::string text_of(const fs::path& file);
void write(const fs::path& file, const std::string& text);

}  // namespace cli
