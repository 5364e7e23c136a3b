#include "matcher/eval/gate.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <random>

using namespace matcher::eval;
using Catch::Approx;

namespace {

/// Hits of a baseline right in 64 of 100 cases, and of a night that breaks and fixes them with the given chances.
struct Night {
  std::vector<double> baseline, run;
};

struct Chances {
  double broken_of_right = 0, swapped = 0;  ///< swapped: of all queries, half of them broken and half fixed
};

double fraction_of(std::mt19937_64& random) { return double(random() >> 11) * 0x1p-53; }

double night_of(double before, const Chances& chances, std::mt19937_64& random) {
  const double chance = chances.swapped / 2 / (before ? 0.64 : 0.36) + (before ? chances.broken_of_right : 0);
  return fraction_of(random) < chance ? 1 - before : before;
}

Night night(std::size_t queries, const Chances& chances, std::mt19937_64& random) {
  Night night;
  for (std::size_t i = 0; i < queries; ++i) {
    night.baseline.push_back(fraction_of(random) < 0.64);
    night.run.push_back(night_of(night.baseline.back(), chances, random));
  }
  return night;
}

/// Verdicts of `nights` nights at a margin of one point.
std::map<Verdict, int> verdicts(int nights, std::size_t queries, const Chances& chances, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<Verdict, int> counts;
  for (int i = 0; i < nights; ++i) {
    const auto one = night(queries, chances, random);
    const auto test = test_drop(one.run, one.baseline, 0.01);
    ++counts[judge(test.p_within, test.p_beyond)];
  }
  return counts;
}

/// Values of a mean, no longer 0 or 1.
std::vector<double> halved(std::vector<double> values) {
  for (auto& value : values) value /= 2;
  return values;
}

}  // namespace

TEST_CASE("5 of 100 right answers broken: every one of 200 nights fails") {
  auto counts = verdicts(200, 2500, {0.05, 0}, 1);
  CHECK(counts[Verdict::fail] == 200);
}

TEST_CASE("a harmless change passes and never fails") {
  auto small = verdicts(200, 2500, {0, 0.01}, 2), larger = verdicts(200, 2500, {0, 0.02}, 3);
  CHECK(small[Verdict::pass] >= 195);
  CHECK(larger[Verdict::pass] >= 175);
  CHECK(small[Verdict::fail] + larger[Verdict::fail] == 0);
}

TEST_CASE("a drop of just the margin is passed, and failed, in at most 5 of 100 nights") {
  for (const double swapped : {0.0, 0.02, 0.1}) {
    INFO(swapped);
    auto counts = verdicts(200, 1000, {0.01 / 0.64, swapped}, 4);
    CHECK(counts[Verdict::pass] <= 17);  // more than 17 of 200 at 5 %: once in fifty
    CHECK(counts[Verdict::fail] <= 17);
    CHECK(counts[Verdict::undecided] >= 170);
  }
}

TEST_CASE("too few queries decide nothing") {
  auto counts = verdicts(50, 24, {0, 0}, 5);
  CHECK(counts[Verdict::undecided] == 50);
  CHECK(test_drop({}, {}, 0.01).p_within == 1);
  CHECK(drop_bounds({}, {}).high == 1);
}

TEST_CASE("what a drop is at least and at most agrees with the tests") {
  std::mt19937_64 random(6);
  const auto one = night(800, {0.05, 0.02}, random);
  const std::vector<std::pair<std::vector<double>, std::vector<double>>> cases{{one.run, one.baseline},
                                                                               {halved(one.run), halved(one.baseline)}};
  for (const auto& [run, baseline] : cases) {
    const auto bounds = drop_bounds(run, baseline);
    const auto value = test_drop(run, baseline, 0).value;
    CHECK(bounds.low < value);
    CHECK(bounds.high > value);
    CHECK(test_drop(run, baseline, bounds.high + 1e-4).p_within <= gate_level);
    CHECK(test_drop(run, baseline, bounds.high - 1e-3).p_within > gate_level);
    CHECK(test_drop(run, baseline, bounds.low - 1e-4).p_beyond <= gate_level);
    CHECK(test_drop(run, baseline, bounds.low + 1e-3).p_beyond > gate_level);
  }
}

TEST_CASE("means fail and pass too, and few changed queries are not trusted to the bootstrap") {
  std::mt19937_64 random(7);
  const auto broken = night(2500, {0.05, 0}, random), calm = night(2500, {0, 0.01}, random);
  CHECK(test_drop(halved(broken.run), halved(broken.baseline), 0.01).p_beyond <= gate_level);
  CHECK(test_drop(halved(calm.run), halved(calm.baseline), 0.01).p_within <= gate_level);
  const std::vector<double> same(20, 0.5);
  CHECK(test_drop(same, same, 0.01).p_within == Approx(std::pow(0.99, 20)));
  CHECK(drop_bounds(same, same).high == Approx(1 - std::pow(0.05, 1.0 / 20)).margin(1e-5));
}

TEST_CASE("by group, photos that break together are one event") {
  std::vector<double> run(400, 1), baseline(400, 1);
  std::vector<std::uint32_t> groups(400);
  for (std::uint32_t i = 0; i < 400; ++i) {
    groups[i] = i / 20;
    if (groups[i] == 7) run[i] = 0;
  }
  CHECK(test_drop(run, baseline, 0.01).p_beyond < 0.01);
  CHECK(test_drop(run, baseline, 0.01, groups).p_beyond > gate_level);
}

TEST_CASE("Holm over a hundred labels leaves a label that broke") {
  const std::vector<double> run(42, 0), baseline(42, 1);
  CHECK(100 * test_drop(run, baseline, 0.1).p_beyond < 0.001);
}

TEST_CASE("the verdict of several is the worst") {
  using enum Verdict;
  CHECK(worst(std::vector{pass, pass}) == pass);
  CHECK(worst(std::vector{pass, undecided}) == undecided);
  CHECK(worst(std::vector{undecided, fail, pass}) == fail);
  CHECK(worst({}) == pass);
}

TEST_CASE("the fewest queries that pass without any change are those of the tests") {
  CHECK(fewest_to_pass(0) == 0);
  CHECK(fewest_to_pass(1) == 1);
  CHECK(fewest_to_pass(0.01) == 299);
  for (const double margin : {0.3, 0.1, 0.05, 0.02}) {
    const auto fewest = fewest_to_pass(margin);
    const auto p_of = [&](std::size_t n, double value) {
      const std::vector<double> same(n, value);
      return test_drop(same, same, margin).p_within;
    };
    CAPTURE(margin, fewest);
    for (const double value : {1.0, 0.5}) {  // the exact test, and that of means
      CHECK(p_of(fewest, value) <= gate_level);
      CHECK(p_of(fewest - 1, value) > gate_level);
    }
  }
}
