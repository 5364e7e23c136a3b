#include "matcher/files/output_place.hpp"

#include <sys/stat.h>

#include "matcher/files/file.hpp"
#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using test::error_of;
using test::Scratch;

TEST_CASE("a place for a file is checked without a trace") {
  const Scratch scratch;
  check_file_place(scratch / "new.json");
  CHECK(fs::is_empty(scratch.path()));
  write_atomically(scratch / "old.json", "1");
  check_file_place(scratch / "old.json");
  CHECK(read_text(scratch / "old.json") == "1");
}

TEST_CASE("a file cannot be written to a missing folder, or over a folder") {
  const Scratch scratch;
  const auto missing = scratch / "no" / "file";
  CHECK(error_of(ErrorCode::resource, [&] { check_file_place(missing); }) ==
        "cannot write \"" + missing.string() + "\": No such file or directory. Choose a writable place");
  CHECK(error_of(ErrorCode::resource, [&] { check_file_place(scratch.path()); }) != "");
  CHECK(error_of(ErrorCode::resource, [&] { check_append_place(scratch.path()); }) != "");
}

TEST_CASE("a pipe is left alone") {
  const Scratch scratch;
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  check_file_place(scratch / "pipe");  // opening it would wait for a reader
}

TEST_CASE("text can be appended to a file, and to a new one") {
  const Scratch scratch;
  write_atomically(scratch / "old.md", "1");
  check_append_place(scratch / "old.md");
  check_append_place(scratch / "new.md");
  CHECK(read_text(scratch / "old.md") == "1");
  CHECK_FALSE(fs::exists(scratch / "new.md"));
}

TEST_CASE("a place for a folder is checked at the nearest folder above it") {
  const Scratch scratch;
  check_folder_place(scratch / "deep" / "er" / "run");
  CHECK(fs::is_empty(scratch.path()));
  write_atomically(scratch / "file", "1");
  CHECK(error_of(ErrorCode::resource, [&] { check_folder_place(scratch / "file" / "run"); }) != "");
  CHECK(error_of(ErrorCode::resource, [&] { check_folder_place("/proc/matcher-run"); }) != "");
}

}  // namespace
}  // namespace matcher
