#include "matcher/files/content_place.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using test::error_of;
using test::Scratch;

TEST_CASE("a path is a file, a part of a file, and a box on either") {
  const auto plain = parse_place("/a/b.jpg");
  CHECK(plain.file == "/a/b.jpg");
  CHECK_FALSE(plain.box);
  CHECK_FALSE(plain.size);
  const auto both = parse_place("/a/b.tar@512+30#1,2,3,4;margin=0.1");
  CHECK(both.file == "/a/b.tar");
  CHECK(both.offset == 512);
  CHECK(both.size == 30);
  CHECK(both.box == Box{1, 2, 3, 4, false, 0.1});
  CHECK(both.photo() == "/a/b.tar@512+30");
  CHECK(parse_place("a#b.jpg").file == "a#b.jpg");
  CHECK(parse_place("me@home+work.jpg").file == "me@home+work.jpg");
}

TEST_CASE("a file that has such a name is the file") {
  const Scratch scratch;
  for (const auto* name : {"a.jpg#1,2,3,4", "a.jpg@1+2"}) {
    const auto file = scratch.write(name);
    CHECK(parse_place(file.string()).file == file);
  }
}

TEST_CASE("bytes are read at their place; a file that ends before is an error with both numbers") {
  const Scratch scratch;
  const auto file = scratch.write("a.tar", "0123456789");
  const auto bytes = read_content(parse_place(file.string() + "@3+4"));
  CHECK(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == "3456");
  CHECK(error_of(ErrorCode::input, [&] { read_content(parse_place(file.string() + "@3+8")); }) ==
        "cannot read \"" + file.string() + "\": the file has 10 bytes, and the image ends at 11. Fetch it again");
}

}  // namespace
}  // namespace matcher
