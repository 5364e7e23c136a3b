#include "matcher/core/file.hpp"
#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using test::error_of;
using test::Scratch;

TEST_CASE("a folder appears when it is committed, with its parents") {
  const Scratch scratch;
  const auto target = scratch / "deep" / "index";
  AtomicFolder folder(target);
  write_atomically(folder.path() / "a", "1");
  CHECK_FALSE(fs::exists(target));
  folder.commit();
  CHECK(read_text(target / "a") == "1");
  CHECK_FALSE(fs::exists(folder.path()));
}

TEST_CASE("a folder that is not committed leaves nothing") {
  const Scratch scratch;
  {
    AtomicFolder folder(scratch / "index");
    write_atomically(folder.path() / "a", "1");
  }
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("a committed folder takes the place of the old one, whole") {
  const Scratch scratch;
  scratch.write("index/old", "1");
  AtomicFolder folder(scratch / "index/");
  write_atomically(folder.path() / "new", "2");
  folder.commit();
  CHECK_FALSE(fs::exists(scratch / "index/old"));
  CHECK(read_text(scratch / "index/new") == "2");
  CHECK(std::distance(fs::directory_iterator(scratch.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("only an artefact of the same kind may be replaced") {
  const Scratch scratch;
  scratch.write("index/manifest.json", R"({"schema": "matcher.index/1"})");
  scratch.write("photos/a.jpg");
  scratch.write("broken/manifest.json", "{");
  scratch.write("file");
  fs::create_directory(scratch / "empty");
  CHECK_NOTHROW(check_replaceable(scratch / "absent", "matcher.index/1"));
  CHECK_NOTHROW(check_replaceable(scratch / "empty", "matcher.index/1"));
  CHECK_NOTHROW(check_replaceable(scratch / "index", "matcher.index/1"));
  for (const auto* other : {"photos", "broken", "file"}) {
    error_of(ErrorCode::usage, [&] { check_replaceable(scratch / other, "matcher.index/1"); });
  }
  const auto index = (scratch / "index").string();
  CHECK(error_of(ErrorCode::usage, [&] { check_replaceable(index, "matcher.run/1"); }) ==
        "\"" + index +
            "\" holds something other than matcher.run/1; nothing was written. Give --output another folder, or remove "
            "this one yourself");
}

TEST_CASE("what a killed writer left is removed") {
  const Scratch scratch;
  scratch.write("index.tmp/half", "1");
  AtomicFolder folder(scratch / "index");
  folder.commit();
  CHECK(fs::is_empty(scratch / "index"));
}

TEST_CASE("two writers of one folder do not meet") {
  const Scratch scratch;
  const AtomicFolder first(scratch / "index");
  CHECK(error_of(ErrorCode::resource, [&] { AtomicFolder(scratch / "index"); }) ==
        "another matcher is writing \"" + (scratch / "index.tmp").string() + "\". Wait until it ends");
}

TEST_CASE("a lock is free again when it goes away") {
  const Scratch scratch;
  { FolderLock lock(scratch.path()); }
  CHECK_NOTHROW(FolderLock(scratch.path()));
}

}  // namespace
}  // namespace matcher
