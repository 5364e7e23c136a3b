#include "matcher/store/writer.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/core/error.hpp"
#include "matcher/files/sum.hpp"
#include "unit/core/scratch.hpp"

using namespace matcher;
using namespace matcher::store;
using Catch::Matchers::ContainsSubstring;
using test::error_of;

namespace {

struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / ("matcher-store-" + std::to_string(::getpid()));
  TemporaryFolder() { fs::create_directories(path); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

void append(EmbeddingWriter& writer, std::size_t first, std::size_t count) {
  Matrix vectors(count, 3);
  std::vector<ItemRow> items;
  for (std::size_t i = 0; i < count; ++i) {
    vectors.row(i)[0] = float(first + i);
    const auto id = "photo, " + std::to_string(first + i);
    items.push_back({id, "/" + id, "label \"x\"", "gallery", "", "", "", "", "hash" + id});
  }
  const std::vector<FailureRow> failures{{"bad", "/bad", "gallery", "truncated"}};
  writer.append(vectors.view(), items, failures, first + count);
}

Manifest manifest() {
  Manifest m;
  m.model.name = "m";
  m.model.fingerprint = "f";
  return m;
}

}  // namespace

TEST_CASE("items.csv has a column group only if an image has a group") {
  const TemporaryFolder folder;
  const std::vector<ItemRow> plain{{"a", "/a", "tea", "gallery", "", "", "", "", "h"}};
  auto grouped = plain;
  grouped.push_back({"b", "/b", "tea", "gallery", "", "", "", "", "h2", "session 1"});
  for (const auto& items : {plain, grouped}) {
    write_items(folder.path / "items.csv", items);
    CHECK(read_items(folder.path / "items.csv") == items);
    EmbeddingWriter writer(folder.path / "set", "key", 3, columns_of(items));
    writer.append(Matrix(items.size(), 3).view(), items, {}, items.size());
    writer.finish(manifest());
    CHECK(EmbeddingSet::open(folder.path / "set").items() == items);
    CHECK(read_text(folder.path / "set/items.csv") == read_text(folder.path / "items.csv"));
  }
  write_items(folder.path / "items.csv", plain);
  CHECK(read_text(folder.path / "items.csv").starts_with("id,path,label,role,split,view,category,text,content_hash\n"));
  write_items(folder.path / "items.csv", grouped);
  CHECK(read_text(folder.path / "items.csv").find("content_hash,group\n") != std::string::npos);
}

TEST_CASE("an embedding set comes back as it was written") {
  const TemporaryFolder folder;
  EmbeddingWriter writer(folder.path / "set", "key", 3);
  append(writer, 0, 4);
  writer.finish(manifest());
  const auto set = EmbeddingSet::open(folder.path / "set");
  REQUIRE(set.vectors().rows == 4);
  CHECK(set.vectors().row(3)[0] == 3);
  CHECK(set.items()[2].id == "photo, 2");
  CHECK(set.items()[2].label == "label \"x\"");
  CHECK(set.failures().size() == 1);
  CHECK(set.manifest().model.dimension == 3);
  CHECK(fs::file_size(folder.path / "set" / "vectors.npy") == 128 + 4 * 3 * 4);
}

TEST_CASE("an abandoned writer is continued after its last flushed note, whatever came later") {
  const TemporaryFolder folder;
  {
    EmbeddingWriter writer(folder.path / "set", "key", 3);
    append(writer, 0, 2);
    writer.checkpoint();
    append(writer, 2, 2);  // not noted
  }
  OutputFile(folder.path / "set.partial" / "items.csv", OutputFile::Mode::resume).write("half a li");
  EmbeddingWriter writer(folder.path / "set", "key", 3);
  CHECK(writer.consumed() == 2);
  CHECK_FALSE(writer.discarded());
  append(writer, 2, 2);
  writer.finish(manifest());
  const auto set = EmbeddingSet::open(folder.path / "set");
  CHECK(set.items().size() == 4);
  CHECK(set.vectors().row(3)[0] == 3);
  CHECK(set.failures().size() == 2);
}

TEST_CASE("work under another key starts afresh and says so") {
  const TemporaryFolder folder;
  { EmbeddingWriter writer(folder.path / "set", "key", 3); }
  const EmbeddingWriter writer(folder.path / "set", "other", 3);
  CHECK(writer.discarded());
  CHECK(writer.consumed() == 0);
}

TEST_CASE("two writers of one set do not meet") {
  const TemporaryFolder folder;
  const EmbeddingWriter writer(folder.path / "set", "key", 3);
  CHECK_THROWS_AS(EmbeddingWriter(folder.path / "set", "key", 3), Error);
}

TEST_CASE("files that do not belong together are refused") {
  const TemporaryFolder folder;
  EmbeddingWriter writer(folder.path / "set", "key", 3);
  append(writer, 0, 4);
  writer.finish(manifest());
  SECTION("vectors cut short") { fs::resize_file(folder.path / "set" / "vectors.npy", 140); }
  SECTION("items missing") { truncate_file(folder.path / "set" / "items.csv", 64); }
  SECTION("no manifest") { fs::remove(folder.path / "set" / "manifest.json"); }
  CHECK_THROWS_AS(EmbeddingSet::open(folder.path / "set"), Error);
}

namespace {

void flip(const fs::path& file, std::uintmax_t byte) {
  auto text = read_text(file);
  text.at(byte) ^= 1;
  write_atomically(file, text);
}

/// Writes a finished set of 4 items.
fs::path write_set(const TemporaryFolder& folder) {
  EmbeddingWriter writer(folder.path / "set", "key", 3);
  append(writer, 0, 4);
  writer.finish(manifest());
  return folder.path / "set";
}

std::string refusal(const fs::path& folder, const std::string& reason) {
  return "\"" + (folder / "set.partial").string() + "\" is the place for unfinished embeddings, but " + reason +
         "; nothing was written. Move it away, or give --output another folder";
}

}  // namespace

TEST_CASE("a folder, a link or a file of the user in the place of unfinished work is refused and not touched") {
  const test::Scratch scratch;
  const auto refused = [&] { return error_of(ErrorCode::usage, [&] { EmbeddingWriter(scratch / "set", "key", 3); }); };
  SECTION("a folder") {
    scratch.write("set.partial/thesis.txt", "x");
    CHECK(refused() == refusal(scratch.path(), "it holds \"thesis.txt\""));
    CHECK(read_text(scratch / "set.partial/thesis.txt") == "x");
  }
  SECTION("a folder with files of the same names") {
    scratch.write("set.partial/items.csv", "x");
    CHECK(refused() == refusal(scratch.path(), "it holds files that matcher did not write"));
    CHECK(read_text(scratch / "set.partial/items.csv") == "x");
  }
  SECTION("a file in matcher's own folder") {
    { EmbeddingWriter writer(scratch / "set", "key", 3); }
    scratch.write("set.partial/thesis.txt", "x");
    CHECK(refused() == refusal(scratch.path(), "it holds \"thesis.txt\""));
  }
  SECTION("a link in matcher's own folder") {
    { EmbeddingWriter writer(scratch / "set", "key", 3); }
    scratch.write("precious", "x");
    fs::remove(scratch / "set.partial/items.csv");
    fs::create_symlink("../precious", scratch / "set.partial/items.csv");
    CHECK(refused() == refusal(scratch.path(), "it holds \"items.csv\""));
    CHECK(read_text(scratch / "precious") == "x");
  }
  SECTION("a link") {
    scratch.write("elsewhere/.matcher-temporary");
    fs::create_directory_symlink("elsewhere", scratch / "set.partial");
    CHECK(refused() == refusal(scratch.path(), "it is a link"));
    CHECK(fs::is_symlink(scratch / "set.partial"));
  }
  SECTION("a file") {
    scratch.write("set.partial", "x");
    CHECK(refused() == refusal(scratch.path(), "it is a file"));
    CHECK(read_text(scratch / "set.partial") == "x");
  }
}

TEST_CASE("unfinished work that was cut or changed is continued after its last sound checkpoint") {
  const TemporaryFolder folder;
  const auto partial = folder.path / "set.partial";
  {
    EmbeddingWriter writer(folder.path / "set", "key", 3);
    for (std::size_t first : {0, 2, 4}) {
      append(writer, first, 2);
      writer.checkpoint();
    }
  }
  std::size_t sound = 4;
  SECTION("vectors cut") { truncate_file(partial / "vectors.npy", 128 + 5 * 12); }
  SECTION("a vector changed") { flip(partial / "vectors.npy", 128 + 4 * 12 + 1); }
  SECTION("items cut") { truncate_file(partial / "items.csv", fs::file_size(partial / "items.csv") - 1); }
  SECTION("an early item changed") {
    flip(partial / "items.csv", 100);
    sound = 0;
  }
  SECTION("failures cut") { truncate_file(partial / "failures.csv", fs::file_size(partial / "failures.csv") - 9); }
  SECTION("failures missing") {
    fs::remove(partial / "failures.csv");
    sound = 0;
  }
  SECTION("the last line of the journal changed") {
    flip(partial / "journal", fs::file_size(partial / "journal") - 40);
  }
  EmbeddingWriter writer(folder.path / "set", "key", 3);
  CHECK(writer.consumed() == sound);
  CHECK_FALSE(writer.discarded());
  for (std::size_t first = sound; first < 6; first += 2) append(writer, first, 2);
  writer.finish(manifest());
  const auto set = EmbeddingSet::open(folder.path / "set");
  CHECK(set.items().size() == 6);
  for (std::size_t i = 0; i < 6; ++i) CHECK(set.vectors().row(i)[0] == float(i));
  CHECK(set.failures().size() == 3);
}

TEST_CASE("a flipped or missing byte in any file of a set is noticed, and the file is named") {
  const TemporaryFolder folder;
  const auto set = write_set(folder);
  for (const auto* name : {"vectors.npy", "items.csv", "failures.csv", "manifest.json"}) {
    const auto text = read_text(set / name);
    for (std::size_t byte = 0; byte < text.size(); byte += 7) {
      auto damaged = text;
      damaged[byte] ^= 4;
      write_atomically(set / name, damaged);
      CHECK_THROWS_WITH(EmbeddingSet::open(set), ContainsSubstring(name));
    }
    write_atomically(set / name, text.substr(0, text.size() - 1));
    CHECK_THROWS_WITH(EmbeddingSet::open(set), ContainsSubstring(name));
    write_atomically(set / name, text);
  }
  CHECK_NOTHROW(EmbeddingSet::open(set));
}

TEST_CASE("a set says when, where and how long it was made; older sets do not") {
  const TemporaryFolder folder;
  const auto set = write_set(folder);
  const auto made = EmbeddingSet::open(set).manifest().made;
  CHECK(made.created.size() == std::string("2026-03-01T12:00:00Z").size());
  CHECK_FALSE(made.host.empty());
  auto text = read_text(set / "manifest.json");
  const auto start = text.find(",\n  \"created\""), end = text.find(",\n  \"model\"");
  text = text.substr(0, start) + text.substr(end, text.find(",\n  \"sums\"") - end) + "\n}\n";
  write_atomically(set / "manifest.json", text);
  CHECK(EmbeddingSet::open(set).manifest().made == Made{});
}

TEST_CASE("a set of an older version, without sums, is read") {
  const TemporaryFolder folder;
  const auto set = write_set(folder);
  auto text = read_text(set / "manifest.json");
  text = text.substr(0, text.find(",\n  \"sums\"")) + "\n}\n";
  write_atomically(set / "manifest.json", text);
  CHECK(EmbeddingSet::open(set).items().size() == 4);
}

TEST_CASE("a dimension whose bytes wrap around is refused") {
  const TemporaryFolder folder;
  const auto set = write_set(folder);
  auto text = read_text(set / "manifest.json");
  text = text.substr(0, text.find(",\n  \"sums\"")) + "\n}\n";
  const std::string huge = std::to_string((std::size_t{1} << 62) + 3);  // times 4 items and 4 bytes: 48
  text.replace(text.find("\"dimension\": 3"), 14, "\"dimension\": " + huge);
  write_atomically(set / "manifest.json", text);
  CHECK_THROWS_WITH(EmbeddingSet::open(set), ContainsSubstring("does not hold the [4, " + huge + "] float32 vectors"));
}

TEST_CASE("rows that are only shown are cut off by the next writer") {
  const TemporaryFolder folder;
  const auto failures = folder.path / "set.partial" / "failures.csv";
  {
    EmbeddingWriter writer(folder.path / "set", "key", 3);
    writer.show_failures(std::vector<FailureRow>{{"bad", "/bad", "gallery", "empty"}});
    CHECK_THAT(read_text(failures), ContainsSubstring("bad,/bad,gallery,empty"));
  }
  EmbeddingWriter writer(folder.path / "set", "key", 3);
  CHECK(read_text(failures) == "id,path,role,reason\n");
}

TEST_CASE("what belongs to a checkpoint is written before it") {
  const TemporaryFolder folder;
  EmbeddingWriter writer(folder.path / "set", "key", 3);
  const auto journal = folder.path / "set.partial" / "journal";
  const auto before = read_text(journal);
  std::string seen;
  writer.before_checkpoint([&] { seen = read_text(journal); });
  append(writer, 0, 2);
  writer.checkpoint();
  CHECK(seen == before);
  CHECK(read_text(journal) != before);
}
