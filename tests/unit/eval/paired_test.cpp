#include "matcher/eval/paired.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "matcher/core/error.hpp"
#include "unit/eval/statistics.hpp"

using namespace matcher::eval;
using namespace matcher::eval::test;
using Catch::Approx;

TEST_CASE("McNemar's p is that of statsmodels") {
  for (const auto& row : fixture("mcnemar.json")) {
    INFO(row.dump());
    CHECK(mcnemar_p(row.at("only_a"), row.at("only_b")) == close_to(row.at("p")));
    CHECK(mcnemar_p(row.at("only_b"), row.at("only_a")) == close_to(row.at("p")));
  }
}

TEST_CASE("Holm's correction is that of statsmodels") {
  for (const auto rows = fixture("paired.json"); const auto& row : rows.at("holm")) {
    INFO(row.dump());
    const auto p = row.at("p").get<std::vector<double>>();
    const auto found = holm(p);
    REQUIRE(found.size() == p.size());
    for (std::size_t i = 0; i < p.size(); ++i) CHECK(found[i] == close_to(row.at("corrected")[i]));
  }
}

TEST_CASE("Tango's interval is where the likelihood says") {
  for (const auto rows = fixture("paired.json"); const auto& row : rows.at("tango")) {
    INFO(row.dump());
    const auto found = tango({row.at("up"), row.at("down"), row.at("n")}, row.at("confidence"));
    CHECK(found.low == close_to(row.at("low")));
    CHECK(found.high == close_to(row.at("high")));
  }
}

TEST_CASE("Tango's interval is the published one") {
  const auto airways = tango({1, 7, 21});  // Fagerland, Lydersen & Laake, Statistics in Medicine 33 (2014)
  CHECK(airways.low == Approx(-0.517).margin(5e-4));
  CHECK(airways.high == Approx(-0.026).margin(5e-4));
}

TEST_CASE("Tango's interval of no change is not a point") {
  const double z2 = 3.841459;
  const auto none = tango({0, 0, 100});
  CHECK(none.value == 0);
  CHECK(none.high == close_to(z2 / (100 + z2)));
  CHECK(none.low == close_to(-z2 / (100 + z2)));
  CHECK(tango({5, 0, 5}).high == close_to(1));
  CHECK(tango({0, 0, 0}).low == -1);
}

TEST_CASE("the smallest difference of a mean is that of statsmodels' power") {
  for (const auto rows = fixture("paired.json"); const auto& row : rows.at("detectable_mean")) {
    CHECK(detectable_mean(row.at("error")) == Approx(double(row.at("difference"))).epsilon(1e-4));
  }
  CHECK(std::isnan(detectable_mean(0)));
}

TEST_CASE("the smallest difference of a rate has the power that all outcomes give it") {
  for (const auto rows = fixture("paired.json"); const auto& row : rows.at("detectable_rate")) {
    INFO(row.dump());
    CHECK(detectable_rate(row.at("share"), row.at("n")) == Approx(double(row.at("difference"))).epsilon(0.05));
  }
}

TEST_CASE("where hardly a query changes, the smallest difference needs more of them") {
  CHECK(detectable_rate(0, 1000) == Approx(0.00785).epsilon(0.01));  // (1.960 + 0.842)^2 of a thousand
  CHECK(detectable_rate(0.001, 1000) == detectable_rate(0, 1000));
  CHECK(detectable_rate(0.1, 1000) > detectable_rate(0, 1000));
  CHECK(detectable_rate(0.5, 1) <= 1);
  CHECK(detectable_rate(0.5, 0) == 1);
}

TEST_CASE("by group, the error is that of statsmodels' clustered errors and the bootstrap agrees") {
  const auto row = fixture("paired.json").at("clustered");
  const auto values = row.at("values").get<std::vector<double>>();
  const auto groups = row.at("groups").get<std::vector<std::uint32_t>>();
  const double error = row.at("error");
  CHECK(standard_error(values, groups) == close_to(error));
  CHECK(error > 2 * standard_error(values));  // of the same numbers as if each stood alone
  const auto found = bootstrap_mean(values, groups, 0.95, 20000);
  CHECK(found.value == close_to(row.at("mean")));
  CHECK(found.high - found.low == Approx(2 * 1.96 * error).epsilon(0.1));
}

TEST_CASE("gains by group are less sure where groups go together") {
  std::vector<double> values(200, 0), baseline(200, 0);
  std::vector<std::uint32_t> groups(200);
  for (std::uint32_t i = 0; i < 200; ++i) {
    groups[i] = i / 20;
    values[i] = groups[i] == 3;  // one product of ten gained, all twenty photos of it
  }
  const auto by_query = paired_gain(values, baseline), by_group = paired_gain(values, baseline, groups);
  CHECK(by_query.p < 1e-4);
  CHECK(by_query.test == "mcnemar");
  CHECK(by_group.test == "bootstrap");
  CHECK(by_group.p > 0.5);
  CHECK(by_group.low == 0);
  CHECK(by_group.detectable > by_query.detectable);
}

TEST_CASE("a gain in a few products is not sure, however many photos they have") {
  std::vector<double> gain, none(40);
  std::vector<std::uint32_t> groups;
  for (std::uint32_t photo = 0; photo < 40; ++photo) {
    gain.push_back(photo % 4 == 0 ? 0 : 1);
    groups.push_back(photo / 20);
  }
  CHECK(paired_gain(gain, none, groups).p == 0.5);
  for (std::uint32_t photo = 0; photo < 40; ++photo) groups[photo] = photo / 4;
  CHECK(paired_gain(gain, none, groups).p == Approx(1.0 / 512));
}

TEST_CASE("gains of values that are 0 or 1 have McNemar's p") {
  const std::vector<double> better{1, 1, 1, 1, 1, 1, 1, 0}, worse{0, 0, 0, 0, 0, 0, 1, 1};
  const auto gain = paired_gain(better, worse);
  CHECK(gain.value == close_to(5.0 / 8));
  CHECK(gain.p == close_to(mcnemar_p(6, 1)));
  CHECK(gain.low <= gain.value);
  CHECK(gain.high >= gain.value);
}

TEST_CASE("gains of other values have the bootstrap's p") {
  const auto baseline = random_values(400, 1);
  auto values = random_values(400, 2);
  CHECK(paired_gain(values, baseline).p > 0.01);
  for (auto& value : values) value += 0.5;
  const auto gain = paired_gain(values, baseline);
  CHECK(gain.p < 0.001);
  CHECK(gain.p > 0);
  CHECK(gain.low > 0);
  const auto loss = paired_gain(baseline, values);
  CHECK(loss.value == close_to(-gain.value));
  CHECK(loss.p == close_to(gain.p));
  CHECK(loss.high < 0);
}

TEST_CASE("gains in several metrics are those of each alone") {
  const std::vector<double> hits(300, 1), misses(300, 0);
  const std::vector<std::vector<double>> values{random_values(300, 1), hits, random_values(300, 2),
                                                random_values(300, 3)},
      baseline{random_values(300, 4), misses, random_values(300, 5), random_values(300, 6)};
  std::vector<std::uint32_t> groups(300);
  for (std::uint32_t i = 0; i < 300; ++i) groups[i] = i / 3;
  for (const auto& drawn : {Groups(), Groups(groups)}) {
    const auto gains = paired_gains(values, baseline, drawn);
    REQUIRE(gains.size() == values.size());
    for (std::size_t m = 0; m < gains.size(); ++m) {
      const auto alone = paired_gain(values[m], baseline[m], drawn);
      CHECK(gains[m].test == alone.test);
      CHECK(std::tie(gains[m].value, gains[m].low, gains[m].high, gains[m].p) ==
            std::tie(alone.value, alone.low, alone.high, alone.p));
    }
  }
}

TEST_CASE("more samples are the same and others") {
  for (const std::size_t queries : {100, 101}) {  // drawn in pairs
    const auto values = random_values(queries, 1);
    const auto some = resampled_means(values, {}, 1500, 7), more = resampled_means(values, {}, 2500, 7);
    REQUIRE(more.size() == 2500);
    CHECK(std::ranges::includes(more, some));
  }
}

TEST_CASE("without a difference there is no gain") {
  const auto values = random_values(30, 1);
  for (const auto& gain : {paired_gain(values, values), paired_gain({}, {})}) {
    CHECK(gain.value == 0);
    CHECK(gain.low == 0);
    CHECK(gain.high == 0);
    CHECK(gain.p == 1);
  }
  const std::vector<double> hits{1, 0, 1, 1};
  CHECK(paired_gain(hits, hits).value == 0);
  CHECK(paired_gain(hits, hits).p == 1);
  CHECK(paired_gain(hits, hits).high > 0.3);  // four queries cannot say more
}

TEST_CASE("runs over other queries are not compared") {
  const auto values = random_values(30, 1);
  try {
    paired_gain(values, std::span(values).first(20));
    FAIL("no error");
  } catch (const matcher::Error& error) {
    CHECK(error.code() == matcher::ErrorCode::mismatch);
    CHECK(std::string(error.what()) ==
          "cannot compare 30 queries with 20 of the baseline; compare runs over the same dataset");
  }
}
