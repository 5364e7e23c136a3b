#include "matcher/eval/gate/exact_drop.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace matcher::eval;
using Catch::Approx;

TEST_CASE("the exact test of a drop sums all outcomes") {
  std::ifstream in(std::string(MATCHER_TEST_DATA) + "/eval/paired.json");
  for (const auto rows = nlohmann::json::parse(in); const auto& row : rows.at("beyond")) {
    INFO(row.dump());
    const Discordant counts{row.at("up"), row.at("down"), row.at("n")}, mirrored{counts.down, counts.up, counts.n};
    CHECK(p_beyond_margin(counts, row.at("margin")) == Approx(double(row.at("p"))).margin(2e-4));
    CHECK(p_within_margin(mirrored, -double(row.at("margin"))) == p_beyond_margin(counts, row.at("margin")));
  }
}

TEST_CASE("above 300 changed queries the normal probabilities go on where the exact ones end") {
  const Discordant below{140, 160, 10000}, above{140, 161, 10000};
  CHECK(p_within_margin(below, 0.005) == Approx(p_within_margin(above, 0.005)).margin(0.01));
  CHECK(p_beyond_margin(above, 0) < p_beyond_margin(below, 0));
  CHECK(p_within_margin({50000, 50100, 1000000}, 0.002) < 0.002);
}
