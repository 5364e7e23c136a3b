#include "matcher/index/file/index_file.hpp"

#include <sys/resource.h>

#include <csignal>

#include <fmt/format.h>

#include "unit/index/file/sealed.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

TEST_CASE("a loaded index answers as the one that was saved") {
  const TemporaryFolder folder;
  const auto vectors = clustered(10000, 16, 1), queries = clustered(50, 16, 2);
  const auto ids = shuffled_ids(10000);
  for (const std::string type : {"flat", "hnsw", "ivf-flat", "ivf-pq", "IVF16,SQ8", "IVF32,PQ8x4fs", "PCA8,Flat"}) {
    INFO(type);
    const auto built = build(vectors.view(), ids, {type});
    built->save(folder / "a.faiss");
    const auto loaded = load(folder / "a.faiss", ids);
    CHECK(plain(loaded->search(queries.view(), 10)) == plain(built->search(queries.view(), 10)));
    CHECK(loaded->type() == built->type());
    CHECK(loaded->exact() == built->exact());
    loaded->save(folder / "b.faiss");
    CHECK((read_bytes(folder / "a.faiss") == read_bytes(folder / "b.faiss")));
  }
}

TEST_CASE("a missing index file is an error that says how to build it") {
  CHECK(error_of([&] { load("shelf/index.faiss", {}); }) ==
        Refusal(ErrorCode::input,
                std::string("index file \"shelf/index.faiss\" does not exist; rebuild it with: matcher index "
                            "--model M --dataset D --output shelf")));
}

TEST_CASE("a truncated index is refused at every length") {
  const TemporaryFolder folder;
  const auto vectors = clustered(500, 16, 1);
  const auto ids = shuffled_ids(500);
  const auto path = folder / "index.faiss";
  for (const std::string type : {"flat", "hnsw", "ivf-flat"}) {
    build(vectors.view(), ids, {type})->save(path);
    const auto bytes = read_bytes(path);
    for (std::size_t i = 0; i < 50; ++i) {
      const auto length = i < 25 ? bytes.size() * i / 25 : bytes.size() - 1 - (i - 25) * 4;
      write(path, std::span(bytes).first(length));
      const auto [code, text] = error_of([&] { load(path, ids); });
      INFO(type << " cut to " << length << ": " << text);
      CHECK(code == ErrorCode::input);
      CHECK(text.starts_with("index file \"" + path.string() + "\" is damaged ("));
    }
  }
}

TEST_CASE("a changed byte is seen anywhere in the file") {
  const TemporaryFolder folder;
  const auto path = folder / "index.faiss";
  const auto vectors = clustered(500, 16, 1);
  const auto ids = shuffled_ids(500);
  build(vectors.view(), ids, {"ivf-flat"})->save(path);
  const auto bytes = read_bytes(path);
  for (std::size_t i = 0; i < bytes.size(); i += 1 + bytes.size() / 100) {
    auto changed = bytes;
    changed[i] ^= std::byte{64};
    write(path, changed);
    INFO("byte " << i);
    CHECK(error_of([&] { load(path, ids); }).code == ErrorCode::input);
  }
}

TEST_CASE("garbage is refused") {
  const TemporaryFolder folder;
  const auto path = folder / "index.faiss";
  std::mt19937_64 random(1);
  for (const std::size_t size : {0, 1, 32, 33, 100, 5000}) {
    std::vector<std::byte> bytes(size);
    for (auto& byte : bytes) byte = std::byte(random());
    write(path, bytes);
    CHECK(error_of([&] { load(path, {}); }).code == ErrorCode::input);
  }
  const std::string header = "xxxx\nmatcher.index/1 Flat ";
  std::vector<std::byte> bytes(header.size() + seal);
  std::memcpy(bytes.data(), header.data(), header.size());
  write(path, sealed(bytes));
  const auto [code, text] = error_of([&] { load(path, {}); });
  CHECK(code == ErrorCode::input);
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("is damaged ("));
}

TEST_CASE("an index of another gallery or another metric is refused") {
  const TemporaryFolder folder;
  const auto path = folder / "index.faiss";
  const auto vectors = clustered(20, 8, 1);
  const auto ids = shuffled_ids(20);
  build(vectors.view(), ids, {})->save(path);
  const auto hint = "rebuild it with: matcher index --model M --dataset D --output " + path.parent_path().string();
  CHECK(error_of([&] { load(path, std::span(ids).first(12)); }) ==
        Refusal(ErrorCode::mismatch,
                fmt::format("index file \"{}\" holds 20 vectors, but there are 12 items; {}", path.string(), hint)));
  auto bytes = read_bytes(path);
  const std::string euclidean = "IxF2";  // FAISS's mark of a flat index by distance
  std::memcpy(bytes.data(), euclidean.data(), 4);
  bytes[33] = std::byte{1};  // metric: mark 4, d 4, n 8, two unused 16, trained 1
  write(path, sealed(bytes));
  CHECK(error_of([&] { load(path, ids); }) ==
        Refusal(
            ErrorCode::mismatch,
            fmt::format("index file \"{}\" does not rank by inner product (FAISS metric 1); {}", path.string(), hint)));
}

TEST_CASE("a failed save leaves the old file") {
  const TemporaryFolder folder;
  const auto path = folder / "index.faiss";
  const auto small = clustered(20, 8, 1), big = clustered(20000, 8, 1);
  const auto ids = shuffled_ids(20000);
  build(small.view(), std::span(ids).first(20), {})->save(path);
  const auto before = read_bytes(path);
  const auto index = exact_search(big.view(), ids);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{100000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto [code, text] = error_of([&] { index->save(path); });
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  CHECK(code == ErrorCode::resource);
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring(path.string()));
  CHECK((read_bytes(path) == before));
  CHECK(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}) == 1);
  CHECK(error_of([&] { index->save(folder / "no/such/index.faiss"); }).code == ErrorCode::resource);
}
