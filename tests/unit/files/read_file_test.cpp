#include "matcher/files/read_file.hpp"

#include <sys/stat.h>

#include <sstream>
#include <thread>

#include "matcher/files/read_check.hpp"
#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using test::error_of;
using test::Scratch;

TEST_CASE("a pipe without a writer is an error at once") {
  const Scratch scratch;
  const auto pipe = (scratch / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(error_of(ErrorCode::input, [&] { read_text(pipe); }) ==
        "cannot read \"" + pipe + "\": it is a pipe or a device, and nothing writes to it. Give a regular file");
  const auto irregular = "cannot read \"" + pipe + "\": not a regular file";
  CHECK(error_of(ErrorCode::input, [&] { read_bytes(pipe); }) == irregular);
  CHECK(error_of(ErrorCode::input, [&] { open_for_reading(pipe); }) == irregular);
}

TEST_CASE("a text may come from a pipe with a writer") {
  const Scratch scratch;
  const auto pipe = scratch / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::fstream keeps_open(pipe, std::ios::in | std::ios::out);
  keeps_open << "model: x" << std::flush;
  std::string text;
  std::thread reader([&] { text = read_text(pipe); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  keeps_open.close();
  reader.join();
  CHECK(text == "model: x");
}

TEST_CASE("a device without an end is an error") {
  CHECK(error_of(ErrorCode::input, [] { read_text("/dev/zero"); }) ==
        "cannot read \"/dev/zero\": it is a pipe or a device, and it does not end. Give a regular file");
}

TEST_CASE("a stream that failed is not taken for one that ended") {
  std::istringstream in("a line\n");
  check_read_to_end(in, "run.trec");
  in.setstate(std::ios::eofbit | std::ios::failbit);
  check_read_to_end(in, "run.trec");
  in.setstate(std::ios::badbit);
  CHECK(
      error_of(ErrorCode::resource, [&] { check_read_to_end(in, "run.trec"); }) ==
      "cannot read \"run.trec\" to its end: the disk failed, or memory ran out. Run the command again, or restore the "
      "file from a copy");
}

}  // namespace
}  // namespace matcher
