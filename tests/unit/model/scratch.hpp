// A temporary folder per test, and access to the Error that a call throws.
#pragma once

#include <unistd.h>

#include <atomic>
#include <optional>
#include <string>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"

namespace matcher::test {

class Scratch {
 public:
  Scratch() {
    static std::atomic<int> count{0};
    path_ = fs::temp_directory_path() / ("matcher-model-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    fs::create_directories(path_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  fs::path operator/(const std::string& name) const { return path_ / name; }

  fs::path write(const std::string& name, std::string_view text) const {
    write_atomically(path_ / name, text);
    return path_ / name;
  }

 private:
  fs::path path_;
};

/// Returns the Error that `work` throws; nullopt if it throws none.
template <typename Work>
std::optional<Error> error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace matcher::test
