#include "matcher/files/file.hpp"
#include "matcher/core/units.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using test::error_of;
using test::Scratch;

std::size_t entries_of(const fs::path& folder) {
  return std::size_t(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("a text reads back as it was written") {
  const Scratch scratch;
  const std::string text("a\0b\r\n", 5);
  write_atomically(scratch / "text", text);
  CHECK(read_text(scratch / "text") == text);
  CHECK(read_bytes(scratch / "text").size() == text.size());
  CHECK(entries_of(scratch.path()) == 1);
}

TEST_CASE("reading what is not there, or a folder, is an error that names it") {
  const Scratch scratch;
  const auto missing = scratch / "missing";
  CHECK(error_of(ErrorCode::input, [&] { read_text(missing); }) ==
        "cannot read \"" + missing.string() + "\": No such file or directory");
  CHECK(error_of(ErrorCode::input, [&] { read_bytes(scratch.path()); }) ==
        "cannot read \"" + scratch.path().string() + "\": Is a directory");
}

TEST_CASE("an output file can be written in pieces and resumed") {
  const Scratch scratch;
  OutputFile first(scratch / "out");
  first.write("one");
  first.write(" two");
  first.close();
  OutputFile second(scratch / "out", OutputFile::Mode::resume);
  second.write(" three");
  second.close();
  CHECK(read_text(scratch / "out") == "one two three");
}

TEST_CASE("an output file larger than its buffer is whole") {
  const Scratch scratch;
  const std::string piece(100'000, 'x');
  OutputFile out(scratch / "out");
  for (int i = 0; i < 7; ++i) out.write(piece);
  OutputFile moved(std::move(out));
  moved.close();
  CHECK(fs::file_size(scratch / "out") == 700'000);
}

TEST_CASE("a file can be changed in its middle and cut short") {
  const Scratch scratch;
  OutputFile out(scratch / "out");
  out.write("one two");
  out.overwrite(0, "ONE");
  out.write(" three");
  out.close();
  CHECK(read_text(scratch / "out") == "ONE two three");
  truncate_file(scratch / "out", 3);
  CHECK(read_text(scratch / "out") == "ONE");
}

TEST_CASE("a file that cannot be written is an error that names it") {
  const Scratch scratch;
  const auto path = scratch / "no" / "file";
  CHECK(error_of(ErrorCode::resource, [&] { OutputFile{path}; }) ==
        "cannot write \"" + path.string() + "\": No such file or directory. Choose a writable place");
}

TEST_CASE("a full disk is an error when it happens") {
  if (!fs::exists("/dev/full")) SKIP("there is no /dev/full here");
  OutputFile out("/dev/full");
  out.write("x");
  CHECK(
      error_of(ErrorCode::resource, [&] { out.close(); }) ==
      "cannot write \"/dev/full\": No space left on device. Free some space or choose another place, then run the same "
      "command again");
}

TEST_CASE("a failed atomic write leaves the old file and no other") {
  const Scratch scratch;
  scratch.write("folder/file", "old");
  error_of(ErrorCode::resource, [&] { write_atomically(scratch / "folder", "new"); });
  CHECK(read_text(scratch / "folder/file") == "old");
  CHECK(entries_of(scratch.path()) == 1);
}

TEST_CASE("sizes are written for people") {
  CHECK(human_bytes(0) == "0 B");
  CHECK(human_bytes(1023) == "1023 B");
  CHECK(human_bytes(1536) == "1.5 KiB");
  CHECK(human_bytes(std::uintmax_t{2} << 30) == "2.0 GiB");
}

TEST_CASE("writing through a link keeps the link and replaces the file behind it") {
  const Scratch scratch;
  write_atomically(scratch / "behind", "old");
  fs::create_symlink("behind", scratch / "link");
  write_atomically(scratch / "link", "new");
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_text(scratch / "behind") == "new");
  fs::create_symlink("missing", scratch / "dangling");
  write_atomically(scratch / "dangling", "made");
  CHECK(fs::is_symlink(scratch / "dangling"));
  CHECK(read_text(scratch / "missing") == "made");
}

TEST_CASE("a pipe is written to, not replaced") {
  const Scratch scratch;
  const auto pipe = scratch / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  write_atomically(pipe, "through");
  char text[16] = {};
  CHECK(::read(reader, text, sizeof text) == 7);
  ::close(reader);
  CHECK(std::string(text) == "through");
  CHECK(fs::is_fifo(pipe));
  CHECK(entries_of(scratch.path()) == 1);
}

TEST_CASE("a file of the user with a temporary name is never touched") {
  const Scratch scratch;
  const auto mine = scratch / ("out.tmp-" + std::to_string(::getpid()));
  write_atomically(mine, "thesis");
  write_atomically(scratch / "out", "result");
  CHECK(read_text(mine) == "thesis");
  CHECK(read_text(scratch / "out") == "result");
  CHECK(fs::status(scratch / "out").permissions() == fs::status(mine).permissions());
}

/// Leaves a temporary file of `out`, as a writer that is killed before it renames the file.
fs::path leave_temporary(const Scratch& scratch, int descriptor) {
  const auto name = proven_name(scratch / "out", descriptor);
  fs::rename(scratch / "fresh", name);
  return name;
}

/// An open file that is closed at the end.
struct Open {
  explicit Open(const fs::path& path) : descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) {}
  ~Open() { ::close(descriptor); }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  int descriptor;
};

TEST_CASE("the next write of a file removes what a killed one left") {
  const Scratch scratch;
  const Open file(scratch / "fresh");
  const auto left = leave_temporary(scratch, file.descriptor);
  write_atomically(scratch / "other", "x");
  CHECK(fs::exists(left));
  SECTION("no writer holds it") {
    write_atomically(scratch / "out", "new");
    CHECK_FALSE(fs::exists(left));
  }
  SECTION("its writer is running") {
    ::flock(file.descriptor, LOCK_SH);
    write_atomically(scratch / "out", "new");
    CHECK(fs::exists(left));
  }
  SECTION("the user made a copy of the same name") {
    fs::copy_file(left, scratch / "copy");
    fs::rename(scratch / "copy", left);
    write_atomically(scratch / "out", "new");
    CHECK(fs::exists(left));
  }
  SECTION("the user gave it a second name") {
    fs::create_hard_link(left, scratch / "mine");
    write_atomically(scratch / "out", "new");
    CHECK(fs::exists(left));
  }
  CHECK(read_text(scratch / "out") == "new");
}

TEST_CASE("what a writer that is killed leaves is removed by the next write") {
  const Scratch scratch;
  const auto writer = ::fork();
  if (writer == 0) {
    AtomicFile half(scratch / "out");
    half.write("half");
    ::_exit(0);
  }
  ::waitpid(writer, nullptr, 0);
  CHECK(entries_of(scratch.path()) == 1);
  write_atomically(scratch / "out", "whole");
  CHECK(entries_of(scratch.path()) == 1);
  CHECK(read_text(scratch / "out") == "whole");
}

}  // namespace
}  // namespace matcher
