// For tests of files: a folder that is removed at the end, and the message of an error.
#pragma once

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <string>
#include <string_view>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"

namespace matcher::test {

/// An empty folder for one test, removed with everything in it.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "matcher-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()));
    path_ = fs::canonical(pattern);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  fs::path operator/(const fs::path& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

  /// Writes a file, with the folders above it.
  fs::path write(const fs::path& name, std::string_view text = "") const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  fs::path path_;
};

/// The message of the Error that `call` throws, which must have `code`.
template <typename F>
std::string error_of(ErrorCode code, F call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.what();
  }
  FAIL("no error was thrown");
  return {};
}

}  // namespace matcher::test
