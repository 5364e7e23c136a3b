#include "matcher/index/plan.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/core/error.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

constexpr std::uintmax_t GiB = std::uintmax_t{1} << 30;

std::string planned(std::size_t n, std::size_t d, std::uintmax_t budget) { return plan({"auto", n, d, budget}).type; }

}  // namespace

TEST_CASE("the plan goes from exact to small as the budget shrinks") {
  CHECK(planned(5'000, 768, GiB) == "Flat");
  CHECK(plan({"auto", 10'000'000, 768, {}}).type == "Flat");
  CHECK(planned(200'000, 768, 8 * GiB) == "HNSW32,Flat");
  CHECK(planned(1'000'000, 768, 8 * GiB) == "IVF4000,Flat");
  CHECK(planned(1'000'000, 768, 2 * GiB) == "IVF4000,SQ8");
  CHECK(planned(10'000'000, 768, 8 * GiB) == "IVF12649,SQ8");
  CHECK(planned(10'000'000, 768, 4 * GiB) == "IVF12649,PQ384");
  CHECK(planned(10'000'000, 768, 2 * GiB) == "IVF12649,PQ192");
  CHECK_THROWS_MATCHES(planned(10'000'000, 768, GiB / 8), Error,
                       MessageMatches(ContainsSubstring("no index of 10000000 vectors of 768 dimensions fits") &&
                                      ContainsSubstring("the smallest takes")));
}

TEST_CASE("a flat index has a rounded copy of a quarter of its size, unless the budget has no room for both") {
  const auto whole = plan({"flat", 100'000, 768, {}});
  CHECK(whole.copy_bytes > whole.index_bytes / 4);
  CHECK(whole.copy_bytes < whole.index_bytes / 3.5);
  const auto both = whole.index_bytes + whole.copy_bytes;
  CHECK(plan({"flat", 100'000, 768, both}).copy_bytes == whole.copy_bytes);
  const auto alone = plan({"flat", 100'000, 768, both - 1});
  CHECK(alone.type == "Flat");
  CHECK(alone.copy_bytes == 0);
  CHECK(plan({"ivf-flat", 100'000, 768, {}}).copy_bytes == 0);
}

TEST_CASE("a requested type is planned, and refused if it does not fit") {
  const auto asked = plan({"ivf-pq", 1'000'000, 768, GiB});
  CHECK(asked.type == "IVF4000,PQ384");
  CHECK(asked.reason == "as requested");
  CHECK_THROWS_AS(plan({"flat", 1'000'000, 768, GiB}), Error);
}

TEST_CASE("every type that can be chosen is planned once, from exact to small") {
  std::vector<std::string> types;
  for (const auto& plan : alternatives(1'000'000, 768)) types.push_back(plan.type);
  CHECK(types == std::vector<std::string>{"Flat", "HNSW32,Flat", "IVF4000,Flat", "IVF4000,SQ8", "IVF4000,PQ384",
                                          "IVF4000,PQ192", "IVF4000,PQ96", "IVF4000,PQ48"});
  CHECK(alternatives(100, 768).size() == 2);
}

TEST_CASE("a smaller type of index follows a larger one, and an approximate one reads less than exact search") {
  const auto all = alternatives(1'000'000, 768);
  for (std::size_t i = 3; i < all.size(); ++i) CHECK(all[i].index_bytes < all[i - 1].index_bytes);
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i].query_multiplications < all[0].query_multiplications);
  CHECK(query_milliseconds(all[0]) > query_milliseconds(all[1]));
}

TEST_CASE("recall is expected only of types whose recall was measured") {
  std::vector<double> recalls;
  for (const auto& plan : alternatives(1'000'000, 768)) recalls.push_back(plan.expected_recall);
  CHECK(recalls == std::vector<double>{1, 1, 1, 0, 0.85, 0.60, 0, 0});
}

TEST_CASE("no step of a build in blocks holds all vectors") {
  for (const auto budget : {8 * GiB, 4 * GiB}) {
    const auto p = plan({"auto", 10'000'000, 768, budget});
    CHECK(p.build_bytes < std::uintmax_t{10'000'000} * 768 * 4 / 3);
    CHECK(p.build_bytes >= p.index_bytes);
  }
}

TEST_CASE("the memory to build is at least what was measured, without 120 MiB for 100,000 items and the program") {
  const auto planned_MiB = [](const char* type) {
    return double(plan({type, 100'000, 256, {}}).build_bytes) / 1048576;
  };
  CHECK(planned_MiB("flat") > 245 - 120);
  CHECK(planned_MiB("IVF1264,SQ8") > 313 - 120);
  CHECK(planned_MiB("IVF1264,Flat") > 315 - 120);
  CHECK(planned_MiB("flat") < 245);
  CHECK(planned_MiB("IVF1264,SQ8") < 313);
}

TEST_CASE("the planned size is that of the file, to a tenth") {
  constexpr std::size_t n = 12'000, d = 64;
  const auto vectors = test::clustered(n, d, 1);
  const auto ids = test::shuffled_ids(n);
  const test::TemporaryFolder folder;
  for (const char* type : {"flat", "hnsw", "ivf-flat", "ivf-pq", "IVF128,SQ8"}) {
    INFO(type);
    const auto file = folder / "plan.faiss";
    build(vectors.view(), ids, {type})->save(file);
    const auto size = double(std::filesystem::file_size(file));
    const auto expected = double(plan({type, n, d, {}}).index_bytes);
    CHECK(expected > 0.9 * size);
    CHECK(expected < 1.1 * size);
  }
}
