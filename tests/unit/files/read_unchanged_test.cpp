#include "matcher/files/read_unchanged.hpp"

#include "unit/core/scratch.hpp"

using namespace matcher;
using matcher::test::error_of;
using matcher::test::Scratch;

TEST_CASE("a folder that is replaced while it is read is read again") {
  const Scratch folder;
  int reads = 0;
  const auto replace = [&] { folder.write("manifest.json", std::to_string(++reads)); };
  const auto fail = [] { throw Error(ErrorCode::mismatch, "files of two artefacts"); };
  read_unchanged(folder.path(), [&] {
    if (reads > 0) return;
    replace();
    fail();
  });
  CHECK(reads == 1);
  CHECK(error_of(ErrorCode::resource, [&] { read_unchanged(folder.path(), replace); }) ==
        "\"" + folder.path().string() +
            "\" was replaced 20 times while it was read. Run the command again when no other matcher writes it");
  CHECK(error_of(ErrorCode::mismatch, [&] { read_unchanged(folder.path(), fail); }) == "files of two artefacts");
}

TEST_CASE("a folder without a manifest is read once") {
  const Scratch folder;
  int reads = 0;
  read_unchanged(folder.path(), [&] { ++reads; });
  CHECK(reads == 1);
}
