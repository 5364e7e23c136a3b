#include "matcher/index/file/structure.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <set>

#include "matcher/index/file/index_file.hpp"
#include "unit/index/file/sealed.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

constexpr std::size_t n = 700, d = 8;

/// Every class of index that matcher builds, and every part that one can have.
const std::string types[] = {"Flat",
                             "HNSW8,Flat",
                             "HNSW8,SQ8",
                             "NSG8,Flat",
                             "IVF8,Flat",
                             "IVF8_HNSW4,Flat",
                             "IVF8,SQ8",
                             "IVF8,SQfp16",
                             "IVF8,SQ6",
                             "IVF8,PQ4x4np",
                             "IVF8,PQ4x4fs",
                             "IVF8,PQ4x4fsr",
                             "SQ8",
                             "SQ4",
                             "PQ4x4np",
                             "PQ4x4fs",
                             "PCA4,Flat",
                             "L2norm,Flat",
                             "ITQ4,Flat",
                             "RR8,HNSW4",
                             "IVF8,PQ4x4np,RFlat",
                             "PCAR4,IVF8,SQ8,Refine(SQ8)"};

std::size_t vectors_for(const std::string& type) { return type.starts_with("NSG") ? 1000 : n; }

struct Built {
  explicit Built(const std::string& type)
      : vectors(clustered(vectors_for(type), d, 1)), ids(shuffled_ids(vectors.rows)), path(folder / "index.faiss") {
    build(vectors.view(), ids, {type})->save(path);
    bytes = read_bytes(path);
  }

  /// Writes damaged bytes with their hash, loads and searches. Returns the error, if there is one.
  Refusal refusal_of(const std::vector<std::byte>& damaged) const {
    write(path, sealed(damaged));
    return error_of([&] {
      const auto index = load(path, ids);
      for (const std::size_t queries : {1, 3}) {
        for (const auto& hits : index->search(vectors.view().slice(0, queries), 20)) check(hits);
      }
    });
  }

  /// Replaces the first `value` behind `from`.
  template <class T>
  Refusal refusal_with(std::size_t from, T value, T other) const {
    auto damaged = bytes;
    const auto* wanted = reinterpret_cast<const std::byte*>(&value);
    const auto at = std::search(damaged.begin() + std::ptrdiff_t(from), damaged.end(), wanted, wanted + sizeof value);
    REQUIRE(at != damaged.end());
    std::memcpy(&*at, &other, sizeof other);
    return refusal_of(damaged);
  }

  std::string damage(const std::string& why) const {
    return fmt::format(
        "index file \"{}\" is damaged ({}); rebuild it with: matcher index --model M --dataset D "
        "--output {}",
        path.string(), why, path.parent_path().string());
  }

  TemporaryFolder folder;
  Matrix vectors;
  std::vector<std::string> ids;
  std::filesystem::path path;
  std::vector<std::byte> bytes;

 private:
  void check(const std::vector<Hit>& hits) const {
    std::set<std::uint32_t> rows;
    for (const auto& hit : hits) {
      if (hit.row >= ids.size() || !std::isfinite(hit.score) || !rows.insert(hit.row).second) FAIL("a wrong answer");
    }
  }
};

/// Damages a file as bad disks and bad people do. Most numbers are near the start and the end.
class Damage {
 public:
  explicit Damage(std::uint64_t seed) : random_(seed) {}

  std::vector<std::byte> apply(std::vector<std::byte> bytes) {
    for (auto times = 1 + random_() % 3; times > 0; --times) apply_once(bytes);
    return bytes;
  }

 private:
  std::size_t place(std::size_t size) {
    const auto near = std::min<std::size_t>(size, 400);
    switch (random_() % 4) {
      case 0:
        return random_() % near;
      case 1:
        return size - 1 - random_() % near;
      default:
        return random_() % size;
    }
  }

  template <class T>
  void put(std::vector<std::byte>& bytes, std::size_t at, T value) {
    if (at + sizeof value <= bytes.size() - seal) std::memcpy(bytes.data() + at, &value, sizeof value);
  }

  void apply_once(std::vector<std::byte>& bytes) {
    if (bytes.size() < 400) return;
    const auto at = place(bytes.size() - seal - 20);
    const std::int64_t numbers[] = {
        0, 1, -1, 2, 255, 1 << 20, std::int64_t{1} << 40, INT64_MAX, INT64_MIN, std::int64_t(random_() % 2000)};
    const auto number = numbers[random_() % std::size(numbers)];
    switch (random_() % 7) {
      case 0:
        bytes[at] ^= std::byte(1 << random_() % 8);
        break;
      case 1:
        bytes[at] = std::byte(random_());
        break;
      case 2:
        put(bytes, at, number);
        break;
      case 3:
        put(bytes, at, std::int32_t(number));
        break;
      case 4:
        put(bytes, at, random_() % 2 == 0 ? NAN : 1e30f);
        break;
      case 5:
        bytes.erase(
            bytes.begin() + std::ptrdiff_t(at),
            bytes.begin() + std::ptrdiff_t(at + random_() % std::min<std::size_t>(64, bytes.size() - seal - at)));
        break;
      default:
        bytes.insert(bytes.begin() + std::ptrdiff_t(at), random_() % 16, std::byte(random_()));
    }
  }

  std::mt19937_64 random_;
};

/// The short form is quick. By hand: MATCHER_DAMAGES=20000 MATCHER_SEED=7 index_test "a damaged index *"
std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const auto* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("a damaged index of any class with a correct hash answers, or is refused") {
  const auto count = number_from("MATCHER_DAMAGES", 40), seed = number_from("MATCHER_SEED", 1);
  for (const auto& type : types) {
    const Built built(type);
    CHECK(built.refusal_of(built.bytes).code == ErrorCode::ok);
    Damage damage(seed);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto [code, text] = built.refusal_of(damage.apply(built.bytes));
      INFO(type << ", damage " << i << ": " << text);
      CHECK((code == ErrorCode::ok || code == ErrorCode::input || code == ErrorCode::mismatch));
    }
  }
}

TEST_CASE("a row that does not exist, or is there twice, is refused") {
  const Built built("IVF8,Flat");
  const auto half = built.bytes.size() / 2;  // behind the map of rows
  const auto [code, text] = built.refusal_with<std::int64_t>(half, 690, std::int64_t{1} << 40);
  CHECK(code == ErrorCode::input);
  CHECK(text == built.damage("a row in its lists is 1099511627776, not 0 to 699"));
  CHECK(built.refusal_with<std::int64_t>(half, 690, 5).code == ErrorCode::input);
}

TEST_CASE("a length is refused before its memory is allocated") {
  const Built built("Flat");
  CHECK(built.refusal_with<std::uint64_t>(0, n * d, std::uint64_t{1} << 39) ==
        Refusal(ErrorCode::input, built.damage(fmt::format("it claims {} values of 4 bytes, but {} bytes remain",
                                                           std::uint64_t{1} << 39, n * d * 4))));
  CHECK(built.refusal_with<std::uint64_t>(0, n * d, n * d - 1) ==
        Refusal(ErrorCode::input, built.damage("the number of values of its vectors is 5599, not 5600")));
}

TEST_CASE("a link of a graph that leads nowhere is refused") {
  const Built built("HNSW8,Flat");
  const std::string_view text(reinterpret_cast<const char*>(built.bytes.data()), built.bytes.size());
  const auto vectors = text.find("IxFI");  // 5 numbers and the links are before the vectors
  REQUIRE(vectors != std::string_view::npos);
  auto damaged = built.bytes;
  const std::int32_t nowhere = 700;
  std::memcpy(damaged.data() + vectors - 24, &nowhere, sizeof nowhere);
  CHECK(built.refusal_of(damaged) ==
        Refusal(ErrorCode::input, built.damage("a link of its graph is 700, not -1 to 699")));
}

TEST_CASE("a class of index that cannot be checked is not written") {
  const TemporaryFolder folder;
  const auto vectors = clustered(n, d, 1);
  const auto ids = shuffled_ids(n);
  const auto path = folder / "index.faiss";
  CHECK(error_of([&] { build(vectors.view(), ids, {"IVF8,RQ2x4"})->save(path); }) ==
        Refusal(ErrorCode::usage,
                fmt::format("index file \"{}\" has a part of FAISS's kind \"IwRQ\", which matcher does not search, "
                            "because it cannot check it; use --type flat, hnsw, ivf-flat or ivf-pq",
                            path.string())));
}
