#include "matcher/eval/views.hpp"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"

using namespace matcher::eval;
using Catch::Approx;

namespace {

const Aggregate best{}, mean{Aggregate::Kind::mean, 1};

}  // namespace

TEST_CASE("products' scores are those of numpy") {
  std::ifstream in(std::string(MATCHER_TEST_DATA) + "/eval/views.json");
  for (const auto& row : nlohmann::json::parse(in)) {
    INFO(row.dump());
    const std::vector<float> scores = row.at("scores");
    const std::vector<std::uint32_t> self = row.at("self");
    const auto found = product_scores(scores, row.at("products").get<PhotoGroups>(), self, row.at("count"),
                                      parse_aggregate(row.at("aggregate")));
    const auto& expected = row.at("expected");
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(found[i] == Approx(expected[i].is_null() ? no_score : expected[i].get<float>()).margin(1e-6));
    }
  }
}

TEST_CASE("aggregates") {
  const std::vector<float> scores{0.25F, 0.75F, 0.5F};
  CHECK(aggregate(scores, best) == 0.75);
  CHECK(aggregate(scores, mean) == 0.5);
  CHECK(aggregate(scores, parse_aggregate("best-2")) == 0.625);
  CHECK(aggregate(scores, parse_aggregate("best-9")) == 0.5);
  for (const char* name : {"best", "mean", "best-2"}) CHECK(name_of(parse_aggregate(name)) == name);
}

TEST_CASE("an unknown aggregate is told with the names there are") {
  for (const char* name : {"median", "best-0", "best-", "best-2x", ""}) {
    CHECK_THROWS_MATCHES(parse_aggregate(name), matcher::Error,
                         Catch::Matchers::Message(std::string("unknown aggregate \"") + name +
                                                  "\"; use best, mean, or best-M for the mean of the best M, for "
                                                  "example best-3"));
  }
}

TEST_CASE("every order of a group is drawn alike often, and the same for the same seed") {
  const PhotoGroups groups{{1, 2, 3}, {7}, {}};
  CHECK(shuffled(groups, 5) == shuffled(groups, 5));
  std::map<std::vector<std::uint32_t>, int> seen;
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    const auto drawn = shuffled(groups, seed);
    ++seen[drawn[0]];
    REQUIRE(drawn[1] == groups[1]);
  }
  CHECK(seen.size() == 6);
  for (const auto& [order, times] : seen) CHECK(std::abs(times - 1000) < 150);  // five standard errors
}

TEST_CASE("a group is cut into sets without what is left over") {
  const std::vector<std::uint32_t> group{5, 6, 7, 8, 9};
  const auto sets = sets_of(group, 2);
  REQUIRE(sets.size() == 2);
  CHECK(std::ranges::equal(sets[1], std::vector<std::uint32_t>{7, 8}));
  CHECK(sets_of(group, 5).size() == 1);
  REQUIRE(sets_of(group, 8).size() == 1);
  CHECK(sets_of(group, 8)[0].size() == 5);
}

TEST_CASE("the query's own photo is passed over and another taken in its place") {
  const std::vector<float> scores{1.0F, 0.2F, 0.4F, 0.3F};
  const PhotoGroups products{{0, 1, 2}, {3}};
  const std::vector<std::uint32_t> self{0}, both{0, 3};
  CHECK(product_scores(scores, products, {}, 1, best) == std::vector<float>{1.0F, 0.3F});
  CHECK(product_scores(scores, products, self, 1, best) == std::vector<float>{0.2F, 0.3F});
  CHECK(product_scores(scores, products, self, 2, best) == std::vector<float>{0.4F, 0.3F});
  CHECK(product_scores(scores, products, both, 4, best) == std::vector<float>{0.4F, no_score});
}

TEST_CASE("several query photos become one score a product") {
  const std::vector<float> first{0.9F, 0.5F, no_score}, second{0.1F, 0.6F, 0.3F};
  const std::vector<std::span<const float>> photos{first, second};
  CHECK(over_photos(photos, best) == std::vector<float>{0.9F, 0.6F, 0.3F});
  CHECK(over_photos(photos, mean)[0] == Approx(0.5));
  CHECK(over_photos(photos, mean)[2] == 0.3F);
}

TEST_CASE("equal products rank in their order, and one without a score not at all") {
  const std::vector<float> scores{0.5F, 0.7F, 0.5F, no_score};
  CHECK(product_rank(scores, 1) == 1);
  CHECK(product_rank(scores, 0) == 2);
  CHECK(product_rank(scores, 2) == 3);
  CHECK(product_rank(scores, 3) == 0);
}

TEST_CASE("the spread over choices is between percentiles as numpy's") {
  // numpy.percentile([0.1, 0.2, 0.3, 0.6], [2.5, 97.5]) is 0.1075, 0.5775.
  const auto found = over_choices({0.3, 0.1, 0.6, 0.2});
  CHECK(found.value == Approx(0.3));
  CHECK(found.low == Approx(0.1075));
  CHECK(found.high == Approx(0.5775));
  const auto same = over_choices(std::vector<double>(7, 0.1));
  CHECK(same.low == same.value);
  CHECK(same.high == same.value);
}
