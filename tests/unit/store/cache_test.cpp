#include "matcher/store/cache.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/files/hash.hpp"

using namespace matcher;
using namespace matcher::store;

namespace {

struct Root {
  fs::path path = fs::temp_directory_path() / ("matcher-cache-" + std::to_string(::getpid()));
  Root() { fs::remove_all(path); }
  ~Root() { fs::remove_all(path); }
};

ModelIdentity key(const std::string& model = "m") { return {model, "fingerprint of " + model, "fp32", "cpu", 3, 0}; }

std::string hash_of(int number) { return Hasher().field(double(number)).hex(); }

std::vector<float> vector_of(int number) { return {float(number), 1, -1}; }

void put(const fs::path& root, int first, int last, const ModelIdentity& k = key()) {
  VectorCache cache(root, k);
  for (int i = first; i < last; ++i) cache.put(hash_of(i), vector_of(i));
}

std::vector<fs::path> packs(const fs::path& root) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".pack") found.push_back(entry.path());
  }
  return found;
}

}  // namespace

TEST_CASE("a vector is found by content in a later process, by this model alone") {
  const Root root;
  put(root.path, 0, 10);
  put(root.path, 10, 12);
  const VectorCache cache(root.path, key());
  CHECK(cache.size() == 12);
  CHECK(cache.find(hash_of(3)) == vector_of(3));
  CHECK(cache.find(hash_of(11)) == vector_of(11));
  CHECK_FALSE(cache.find(hash_of(12)));
  CHECK(cache.damaged() == 0);
  CHECK_FALSE(VectorCache(root.path, key("other")).find(hash_of(3)));
  auto bf16 = key();
  bf16.fingerprint = "the same in bf16";
  CHECK_FALSE(VectorCache(root.path, bf16).find(hash_of(3)));
}

TEST_CASE("a byte that turned is seen, whichever it is, and the rest is used") {
  const Root root;
  put(root.path, 0, 4);
  const auto pack = packs(root.path).at(0);
  constexpr std::size_t header = 64, record = 32 + 3 * 4 + 16;
  REQUIRE(fs::file_size(pack) == header + 4 * record);
  for (const std::size_t byte :
       {std::size_t{33}, std::size_t{43}, record - 1}) {  // vector, vector, checksum of record 1
    std::fstream file(pack, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(std::streamoff(header + record + byte));
    const char before = char(file.peek());
    file.put(char(before ^ 1)).flush();
    const VectorCache cache(root.path, key());
    CHECK_FALSE(cache.find(hash_of(1)));
    CHECK(cache.damaged() == 1);
    CHECK(cache.find(hash_of(0)) == vector_of(0));
    CHECK(cache.find(hash_of(2)) == vector_of(2));
    file.seekp(std::streamoff(header + record + byte));
    file.put(before).flush();
  }
  put(root.path, 1, 2);  // again, as after the damage
  CHECK(VectorCache(root.path, key()).find(hash_of(1)) == vector_of(1));
}

TEST_CASE("what a killed process left half written is no vector") {
  const Root root;
  put(root.path, 0, 4);
  const auto pack = packs(root.path).at(0);
  for (auto size = fs::file_size(pack) - 1; size > 0; size -= 7) {
    fs::resize_file(pack, size);
    const VectorCache cache(root.path, key());
    CHECK(cache.size() == (size < 64 ? 0 : (size - 64) / 60));
    CHECK(cache.damaged() == 0);
    if (size < 7) break;
  }
}

TEST_CASE("a file that is none of the cache's is not used, and counted") {
  const Root root;
  put(root.path, 0, 2);
  std::ofstream(packs(root.path).at(0).parent_path() / "x.pack") << std::string(500, 'x');
  const VectorCache cache(root.path, key());
  CHECK(cache.damaged() == 1);
  CHECK(cache.size() == 2);
}

TEST_CASE("processes that write at once lose nothing") {
  const Root root;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const auto child = ::fork();
    if (child == 0) {
      put(root.path, i * 500, i * 500 + 1000);
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const auto child : children) ::waitpid(child, nullptr, 0);
  const VectorCache cache(root.path, key());
  for (int i = 0; i < 2500; ++i) REQUIRE(cache.find(hash_of(i)) == vector_of(i));
  CHECK(cache.damaged() == 0);
}

TEST_CASE("pruning by model, by use and by size; never what is in use") {
  const Root root;
  put(root.path, 0, 100, key("a"));
  put(root.path, 0, 50, key("b"));
  const auto age = [&](const std::string& model, std::chrono::hours hours) {
    for (const auto& use : cache_uses(root.path)) {
      if (use.model.name != model) continue;
      for (const auto& pack : packs(use.folder)) fs::last_write_time(pack, fs::file_time_type::clock::now() - hours);
    }
  };
  age("a", std::chrono::hours(48));
  age("b", std::chrono::hours(1));
  const auto uses = cache_uses(root.path);
  REQUIRE(uses.size() == 2);
  CHECK(uses[0].model.name == "b");
  CHECK(uses[0].vectors == 50);
  CHECK(uses[1].vectors == 100);
  CHECK(prune_cache(root.path, {"", std::chrono::hours(72), {}}).files == 0);
  CHECK(prune_cache(root.path, {"", {}, uses[0].bytes + uses[1].bytes}).files == 0);
  {
    const VectorCache user(root.path, key("a"));
    age("a", std::chrono::hours(48));
    const auto pruned = prune_cache(root.path, {"", std::chrono::hours(24), {}});
    CHECK(pruned.files == 0);
    CHECK(pruned.busy == std::vector<std::string>{"a"});
    CHECK(user.find(hash_of(5)) == vector_of(5));
  }
  CHECK(prune_cache(root.path, {"", {}, uses[0].bytes + 1}).files == 1);  // the older one
  CHECK(cache_uses(root.path).size() == 1);
  CHECK(prune_cache(root.path, {"a", {}, {}}).files == 0);
  CHECK(prune_cache(root.path, {"b", {}, {}}).bytes == uses[0].bytes);
  CHECK(cache_uses(root.path).empty());
  CHECK(cache_uses(root.path / "nothing").empty());
}

TEST_CASE("a key with values of other types is no model, and the next use repairs it") {
  const Root root;
  put(root.path, 0, 4);
  const auto key_file = packs(root.path).at(0).parent_path() / "key.json";
  const auto sound = read_text(key_file);
  for (const auto* text :
       {R"({"schema": "matcher.cache/1", "model": 3})", R"({"schema": ["matcher.cache/1"]})", "[1]", "",
        R"({"schema": "matcher.cache/1", "model": "m", "fingerprint": "f", "precision": "fp32",
                               "device": "cpu", "dimension": 4611686018427387892})"}) {
    write_atomically(key_file, text);
    CHECK(cache_uses(root.path).empty());
    REQUIRE(damaged_caches(root.path).size() == 1);
    CHECK(damaged_caches(root.path)[0].bytes == fs::file_size(packs(root.path).at(0)));
    CHECK(VectorCache(root.path, key()).find(hash_of(1)) == vector_of(1));
    CHECK(read_text(key_file) == sound);
    CHECK(damaged_caches(root.path).empty());
  }
  for (std::size_t i = 0; i < sound.size(); ++i) {
    auto flipped = sound;
    flipped[i] ^= 1;
    write_atomically(key_file, flipped);
    CHECK(damaged_caches(root.path).size() == 1);
  }
}

TEST_CASE("a folder with a damaged key is pruned as others, or by its own name") {
  const Root root;
  put(root.path, 0, 4);
  put(root.path, 0, 4, key("other"));
  const auto folder = packs(root.path).at(0).parent_path();
  for (const auto* name : {"not a key", ""}) {
    write_atomically(folder / "key.json", name);
    CHECK(prune_cache(root.path, {"", std::chrono::hours(1), {}}).files == 0);
    CHECK(prune_cache(root.path, {folder.filename().string(), {}, {}}).files == 1);
    CHECK(damaged_caches(root.path).empty());
    CHECK(packs(root.path).size() == 1);
    write_atomically(folder / "again.pack", "matcher.cache/1 3");
  }
  CHECK(prune_cache(root.path, {"", {}, 0}).files == 2);
}

TEST_CASE("a folder of somebody else in the place of the cache is not touched") {
  const Root root;
  fs::create_directories(root.path / "objects");
  write_atomically(root.path / "objects" / "a.pack", "PACK of git");
  write_atomically(root.path / "objects" / "key.json", "{}");
  CHECK(damaged_caches(root.path).empty());
  CHECK(prune_cache(root.path, {"", {}, 0}).files == 0);
  CHECK(fs::exists(root.path / "objects" / "a.pack"));
}

TEST_CASE("a cache that cannot be written costs a warning, once, and is still read") {
  const Root root;
  put(root.path, 0, 4);
  const auto folder = packs(root.path).at(0).parent_path();
  SECTION("a file in the place of the cache") {
    fs::remove_all(root.path);
    write_atomically(root.path, "x");
    VectorCache cache(root.path, key());
    cache.put(hash_of(5), vector_of(5));
    cache.sync();
    cache.note_speed(3);
    CHECK(cache.take_problem().starts_with("cannot write \"" + root.path.string()));
    CHECK(cache.take_problem().empty());
  }
  SECTION("being pruned") {
    const FolderLock lock(folder);
    VectorCache cache(root.path, key());
    CHECK(cache.take_problem().starts_with("another matcher is writing"));
    CHECK(cache.find(hash_of(1)) == vector_of(1));
  }
  SECTION("read-only") {
    if (::geteuid() == 0) SKIP("root may write everywhere");
    fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
    VectorCache cache(root.path, key());
    cache.put(hash_of(5), vector_of(5));
    CHECK(cache.take_problem().starts_with("cannot write"));
    CHECK(cache.find(hash_of(1)) == vector_of(1));
    fs::permissions(folder, fs::perms::owner_all);
  }
}

TEST_CASE("temporary files of killed processes are removed from the cache") {
  const Root root;
  put(root.path, 0, 4);
  const auto folder = packs(root.path).at(0).parent_path();
  write_atomically(folder / "key.json.tmp-0123456789abcdef", "half");
  write_atomically(folder / "speed.tmp-0123456789abcdef", "half");
  write_atomically(folder / "notes.tmp-0123456789abcdef", "mine");
  put(root.path, 4, 5);
  CHECK_FALSE(fs::exists(folder / "key.json.tmp-0123456789abcdef"));
  CHECK_FALSE(fs::exists(folder / "speed.tmp-0123456789abcdef"));
  CHECK(fs::exists(folder / "notes.tmp-0123456789abcdef"));
}
