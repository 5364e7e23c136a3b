#include "matcher/pipeline/querying/line_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <string_view>

#include "unit/core/scratch.hpp"

using namespace matcher;
using pipeline::LineEnd;
using pipeline::LineReader;
using Lines = std::vector<std::string>;

namespace {

Lines read_all(LineReader& reader) {
  Lines all;
  while (!reader.ended())
    for (auto& line : reader.read(LineReader::Wait::for_a_line)) all.push_back(line);
  return all;
}

Lines lines_of(const std::string& text, LineEnd end = LineEnd::line_feed) {
  const test::Scratch scratch;
  LineReader reader(scratch.write("list", text), end);
  return read_all(reader);
}

/// A named pipe that a test writes to.
class Pipe {
 public:
  explicit Pipe(const fs::path& path) {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  }
  ~Pipe() { close(); }
  void write(std::string_view text) const {
    REQUIRE(::write(descriptor_, text.data(), text.size()) == ssize_t(text.size()));
  }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_ = -1;
};

}  // namespace

TEST_CASE("lines end with a line feed, also after a carriage return; the last one may lack it", "[lines]") {
  CHECK(lines_of("") == Lines{});
  CHECK(lines_of("\n\r\n\n") == Lines{});
  CHECK(lines_of("a b.jpg\r\n\n c .jpg\nd") == Lines{"a b.jpg", " c .jpg", "d"});
}

TEST_CASE("lines that end with NUL may hold line feeds", "[lines]") {
  using namespace std::string_literals;
  CHECK(lines_of("a\nb.jpg\0c\r\0\0d"s, LineEnd::nul) == Lines{"a\nb.jpg", "c\r", "d"});
}

TEST_CASE("a line is returned as soon as it is written, and half a line is not", "[lines]") {
  const test::Scratch scratch;
  Pipe pipe(scratch / "pipe");
  LineReader reader(scratch / "pipe", LineEnd::line_feed);
  CHECK(reader.read(LineReader::Wait::no).empty());
  pipe.write("a.jpg\nb.");
  CHECK(reader.read(LineReader::Wait::for_a_line) == Lines{"a.jpg"});
  CHECK(reader.read(LineReader::Wait::no).empty());
  CHECK_FALSE(reader.ended());
  pipe.write("jpg\nc.jpg\nd");
  CHECK(reader.read(LineReader::Wait::no) == Lines{"b.jpg", "c.jpg"});
  pipe.close();
  CHECK(reader.read(LineReader::Wait::for_a_line) == Lines{"d"});
  CHECK(reader.ended());
}

TEST_CASE("a long list is read in pieces", "[lines]") {
  std::string text;
  Lines wanted;
  for (int i = 0; i < 20000; ++i) text += wanted.emplace_back("photo " + std::to_string(i) + ".jpg") + "\n";
  CHECK(lines_of(text) == wanted);
}

TEST_CASE("a list that is none is refused, with what to do", "[lines]") {
  using namespace std::string_literals;
  const test::Scratch scratch;
  const auto error = [&](const std::string& text) {
    const auto file = scratch.write("list", text);
    LineReader reader(file, LineEnd::line_feed);
    return test::error_of(ErrorCode::input, [&] { read_all(reader); }).substr(file.string().size());
  };
  CHECK(error("a.jpg\0b.jpg\0"s)
            .ends_with("list\": a line contains a NUL byte. If the paths end with NUL, as find -print0 writes them, "
                       "add --null"));
  CHECK(error(std::string((1 << 20) + 1, 'x')).ends_with("list\": a line is longer than 1 MiB. Give a list of paths"));
  const auto missing = scratch / "none", folder = scratch.path();
  CHECK(test::error_of(ErrorCode::input, [&] { LineReader(missing, LineEnd::nul); }) ==
        "cannot read the list \"" + missing.string() + "\": No such file or directory");
  CHECK(test::error_of(ErrorCode::input, [&] { LineReader(folder, LineEnd::nul); }) ==
        "cannot read the list \"" + folder.string() + "\": it is a folder. Give the folder as an image instead");
}
