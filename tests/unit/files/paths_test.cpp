#include "matcher/files/paths.hpp"

#include <sys/resource.h>

#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using test::error_of;
using test::Scratch;

TEST_CASE("questions about unreachable paths never throw") {
  const Scratch scratch;
  const std::string long_name(300, 'a');
  fs::create_symlink("loop", scratch / "loop");
  for (const auto& path :
       {fs::path(long_name), scratch / "loop", scratch / "missing", scratch.write("file") / "below"}) {
    CAPTURE(path);
    CHECK_FALSE(path_exists(path));
    CHECK_FALSE(is_file(path));
    CHECK_FALSE(is_folder(path));
    CHECK_FALSE(is_readable(path));
    CHECK(list_if_readable(path).empty());
  }
  CHECK(why_missing(scratch / "missing") == "does not exist");
  CHECK(why_missing(scratch.path()) == "is a folder");
  CHECK(why_missing(long_name) == "cannot be reached (File name too long)");
}

TEST_CASE("files and folders are told apart, through links too") {
  const Scratch scratch;
  const auto file = scratch.write("file");
  fs::create_symlink(scratch.path(), scratch / "link");
  CHECK(is_file(file));
  CHECK_FALSE(is_folder(file));
  CHECK(is_folder(scratch / "link"));
  CHECK(path_exists(file));
}

TEST_CASE("an empty path is the current folder") {
  CHECK(absolute_path("") == fs::current_path() / "");
  CHECK(absolute_path("a/../b") == fs::current_path() / "b");
  CHECK(absolute_path("/a/./b") == "/a/b");
}

TEST_CASE("a folder is listed sorted, or the error names it") {
  const Scratch scratch;
  scratch.write("b");
  scratch.write("a");
  CHECK(list_folder(scratch.path()) == std::vector<fs::path>{scratch / "a", scratch / "b"});
  const auto missing = (scratch / "missing").string();
  CHECK(error_of(ErrorCode::input, [&] { list_folder(missing); }) ==
        "cannot read the folder \"" + missing + "\": No such file or directory");
}

TEST_CASE("a folder that cannot be opened for lack of descriptors is not an empty one") {
  const Scratch scratch;
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  const rlimit none{0, limit.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  std::string message;
  try {
    list_if_readable(scratch.path());
  } catch (const Error& error) {
    message = error.what();
  }
  ::setrlimit(RLIMIT_NOFILE, &limit);
  CHECK(message == "cannot read the folder \"" + scratch.path().string() +
                       "\": Too many open files. Close other programs, or raise the limit (ulimit), then run the same "
                       "command again");
}

TEST_CASE("the running program is found") { CHECK(program_file().filename() == "files_test"); }

}  // namespace
}  // namespace matcher
