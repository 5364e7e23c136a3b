#include "matcher/store/writer.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <thread>

#include "matcher/core/error.hpp"

using namespace matcher;
using namespace matcher::store;

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
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    append(writer, 0, 2);  // noted
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
