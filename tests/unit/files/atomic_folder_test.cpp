#include "matcher/files/atomic_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "matcher/files/output_place.hpp"
#include "matcher/files/temporary.hpp"
#include "unit/core/scratch.hpp"

namespace matcher {
namespace {

using test::error_of;
using test::Scratch;

auto entries_of(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

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
            "\" has files, but no run, so nothing was written. Name another folder, or remove this one "
            "yourself");
}

TEST_CASE("an artefact with a file of the user is not replaced") {
  const Scratch scratch;
  scratch.write("run/manifest.json", R"({"schema": "matcher.run/1"})");
  for (const auto* part : {"report.json", ".DS_Store", "._report.json", "Thumbs.db"})
    scratch.write(fs::path("run") / part);
  CHECK_NOTHROW(check_replaceable(scratch / "run", "matcher.run/1"));
  scratch.write("run/notes.txt");
  const auto run = (scratch / "run").string();
  CHECK(
      error_of(ErrorCode::usage, [&] { check_replaceable(run, "matcher.run/1"); }) ==
      "\"" + run +
          "\" also has \"notes.txt\", which is not part of the run, so nothing was written. Move it elsewhere, or name "
          "another folder");
}

TEST_CASE("what a killed writer left in an artefact is no file of the user") {
  const Scratch scratch;
  scratch.write("index/manifest.json", R"({"schema": "matcher.index/1"})");
  scratch.write("index/half");
  const int half = ::open((scratch / "index/half").c_str(), O_RDONLY);
  fs::rename(scratch / "index/half", proven_name(scratch / "index/threshold.json", half));
  ::close(half);
  CHECK_NOTHROW(check_replaceable(scratch / "index", "matcher.index/1"));
  scratch.write("index/threshold.json.tmp-0123456789abcdef");
  CHECK_THROWS_AS(check_replaceable(scratch / "index", "matcher.index/1"), Error);
}

TEST_CASE("a result is not written into an artefact") {
  const Scratch scratch;
  scratch.write("set/manifest.json", R"({"schema": "matcher.embeddings/1"})");
  scratch.write("other/manifest.json", R"({"schema": "package/1"})");
  scratch.write("broken/manifest.json", "{");
  fs::create_symlink("set/items.csv", scratch / "link");
  for (const auto* file : {"other/a.csv", "broken/a.csv", "absent/a.csv", "a.csv"})
    CHECK_NOTHROW(check_outside_artefact(scratch / file));
  CHECK_NOTHROW(check_outside_artefact("/dev/stdout"));
  for (const auto* file : {"set/a.csv", "set/items.csv", "link"}) {
    const auto path = (scratch / file).string();
    CHECK(error_of(ErrorCode::usage, [&] { check_outside_artefact(path); }) ==
          "\"" + path +
              "\" would be in a stored embedding set, whose files belong together. Write it to another folder");
  }
}

TEST_CASE("a folder that a killed process made to try a place is removed") {
  const Scratch scratch;
  const auto tried = scratch / "models.tmp-0123456789abcdef";
  fs::create_directory(tried);
  fs::permissions(tried, fs::perms::owner_all);
  check_folder_place(scratch / "models");
  CHECK(fs::is_empty(scratch.path()));
  fs::create_directory(tried);
  fs::permissions(tried, fs::perms::owner_all);
  check_folder_place(scratch / "models/of/mine");
  check_folder_place(scratch / "models");
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("two paths to one file are one file") {
  const Scratch scratch;
  scratch.write("a", "1");
  fs::create_symlink("a", scratch / "link");
  fs::create_directory(scratch / "folder");
  CHECK(is_same_file(scratch / "a", scratch / "link"));
  CHECK(is_same_file(scratch / "a", scratch / "folder/../a"));
  CHECK(is_same_file(scratch / "new", scratch / "./new"));
  CHECK_FALSE(is_same_file(scratch / "a", scratch / "b"));
  CHECK_FALSE(is_same_file("/dev/null", "/dev/null"));
}

TEST_CASE("a folder or a link of the user with a temporary name is never touched") {
  const Scratch scratch;
  const std::string random = ".tmp-0123456789abcdef";
  scratch.write("index.tmp/thesis.txt", "1");
  scratch.write("index" + random + "/thesis.txt", "2");
  scratch.write("elsewhere/.matcher-temporary");
  scratch.write("elsewhere/thesis.txt", "3");
  scratch.write("index.tmp-0123456789abcde0", "4");
  fs::create_directory_symlink("elsewhere", scratch / "index.tmp-0123456789abcde1");
  AtomicFolder(scratch / "index").commit();
  CHECK(fs::is_empty(scratch / "index"));
  CHECK(read_text(scratch / "index.tmp/thesis.txt") == "1");
  CHECK(read_text(scratch / ("index" + random) / "thesis.txt") == "2");
  CHECK(read_text(scratch / "elsewhere/thesis.txt") == "3");
  CHECK(read_text(scratch / "index.tmp-0123456789abcde0") == "4");
  CHECK(fs::is_symlink(scratch / "index.tmp-0123456789abcde1"));
}

/// Runs `work` in a child process, which must end there without destructors, as a killed one does.
template <typename F>
void in_killed_process(F work) {
  const auto child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

TEST_CASE("what a killed writer left is removed at the next start, whole") {
  const Scratch scratch;
  in_killed_process([&] {
    AtomicFolder folder(scratch / "index");
    write_atomically(folder.path() / "half", "1");
    ::_exit(0);
  });
  CHECK(entries_of(scratch.path()) == 1);
  AtomicFolder(scratch / "index").commit();
  CHECK(entries_of(scratch.path()) == 1);
  CHECK(fs::is_empty(scratch / "index"));
}

/// Makes the staging folder of a commit() that was killed after `target` was exchanged.
fs::path interrupted(const Scratch& scratch, const std::string& keep) {
  const auto staging = scratch / "index.tmp-0123456789abcdef";
  scratch.write("index.tmp-0123456789abcdef/.matcher-temporary");
  scratch.write("index.tmp-0123456789abcdef/content/a", "old");
  scratch.write("index/a", "new");
  const auto inode = [](const fs::path& path) {
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    return std::to_string(about.st_ino);
  };
  write_atomically(staging / "plan", inode(scratch / "index") + " " + inode(staging / "content") + " " + keep + "\n");
  fs::permissions(staging, fs::perms::owner_all);
  return staging;
}

TEST_CASE("a replaced folder goes to its place at the next start") {
  const Scratch scratch;
  const auto staging = interrupted(scratch, "index.previous");
  SECTION("which replaces an older one") { scratch.write("index.previous/a", "older"); }
  SECTION("which is the first") {}
  finish_replacement(scratch / "index");
  CHECK_FALSE(fs::exists(staging));
  CHECK(read_text(scratch / "index/a") == "new");
  CHECK(read_text(scratch / "index.previous/a") == "old");
}

TEST_CASE("a replaced folder that nobody keeps, or whose plan was cut short, is removed") {
  const Scratch scratch;
  const auto staging = interrupted(scratch, "");
  SECTION("without a place") {}
  SECTION("cut short") { write_atomically(staging / "plan", "12 1"); }
  finish_replacement(scratch / "index");
  CHECK_FALSE(fs::exists(staging));
  CHECK(read_text(scratch / "index/a") == "new");
  CHECK(entries_of(scratch.path()) == 1);
}

TEST_CASE("the replaced folder replaces the one that was kept before") {
  const Scratch scratch;
  for (const auto* text : {"1", "2", "3"}) {
    AtomicFolder folder(scratch / "index");
    write_atomically(folder.path() / "a", text);
    folder.commit(scratch / "index.previous");
  }
  CHECK(read_text(scratch / "index/a") == "3");
  CHECK(read_text(scratch / "index.previous/a") == "2");
  CHECK(entries_of(scratch.path()) == 2);
}

TEST_CASE("a link to a folder stays, and the folder behind it is replaced") {
  const Scratch scratch;
  scratch.write("disk/index/a", "old");
  fs::create_directory_symlink("disk/index", scratch / "index");
  AtomicFolder folder(scratch / "index/");
  write_atomically(folder.path() / "a", "new");
  folder.commit();
  CHECK(fs::is_symlink(scratch / "index"));
  CHECK(read_text(scratch / "disk/index/a") == "new");
}

TEST_CASE("an adopted folder is published without its working files, or goes back with them") {
  const Scratch scratch;
  scratch.write("set.partial/.matcher-temporary");
  scratch.write("set.partial/key", "k");
  scratch.write("set.partial/a", "1");
  const auto adopt_and = [&](auto then) {
    AtomicFolder folder(scratch / "set");
    adopt_folder(folder, scratch / "set.partial", {"key"});
    CHECK_FALSE(fs::exists(scratch / "set.partial"));
    then(folder);
  };
  SECTION("an error") {
    adopt_and([](auto&) {});
  }
  SECTION("a kill") {
    in_killed_process([&] { adopt_and([](auto&) { ::_exit(0); }); });
    CHECK_FALSE(fs::exists(scratch / "set.partial"));
    finish_replacement(scratch / "set");
  }
  CHECK(read_text(scratch / "set.partial/key") == "k");
  CHECK(fs::exists(scratch / "set.partial/.matcher-temporary"));
  CHECK(entries_of(scratch.path()) == 1);
  adopt_and([](auto& folder) { folder.commit(); });
  CHECK(entries_of(scratch / "set") == 1);
  CHECK(entries_of(scratch.path()) == 1);
}

TEST_CASE("two writers of one folder do not meet") {
  const Scratch scratch;
  const AtomicFolder first(scratch / "index");
  CHECK(error_of(ErrorCode::resource, [&] { AtomicFolder(scratch / "index"); }) ==
        "another matcher is writing \"" + (scratch / "index").string() + "\". Wait until it ends");
  CHECK_NOTHROW(finish_replacement(scratch / "index"));
  CHECK(fs::exists(first.path()));
}

TEST_CASE("a lock is free again when it goes away") {
  const Scratch scratch;
  { FolderLock lock(scratch.path()); }
  CHECK_NOTHROW(FolderLock(scratch.path()));
}

}  // namespace
}  // namespace matcher
