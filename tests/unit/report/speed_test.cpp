#include "matcher/report/speed.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/report/example.hpp"

using namespace matcher::report;
using Trials = std::vector<std::optional<SpeedTrial>>;
using Texts = std::vector<std::string>;

TEST_CASE("trials of one machine, precision and set of photos can be compared") {
  CHECK(doubts(Trials{example_trial(60), example_trial(90)}) == Texts{"", ""});
  CHECK(doubts(Trials{}).empty());
}

TEST_CASE("a trial under load, or a missing one, cannot be compared") {
  auto loaded = example_trial();
  loaded.load = 0.35;
  CHECK(doubts(Trials{loaded, example_trial(), std::nullopt}) ==
        Texts{"other programs used 35 % of the processor", "", "not measured"});
}

TEST_CASE("a trial is compared with the conditions of most others, and the difference is named") {
  auto other = example_trial();
  other.precision = "bf16";
  CHECK(doubts(Trials{other, example_trial(), example_trial()}) == Texts{"precision bf16 (others: fp32)", "", ""});
  CHECK(doubts(Trials{example_trial(), other}) == Texts{"", "precision bf16 (others: fp32)"});
  auto elsewhere = example_trial(), photos = example_trial(), device = example_trial(), threads = example_trial();
  elsewhere.processor = "Other";
  photos.photos = "beef";
  device.device = "cuda:0";
  threads.threads = 1;
  CHECK(doubts(Trials{example_trial(), example_trial(), elsewhere, photos, device, threads}) ==
        Texts{"", "", "machine Other, 2 cores (others: Example 1000, 2 cores)", "set of photos beef (others: f00d)",
              "device cuda:0 (others: cpu)", "number of threads 1 (others: 2)"});
}

TEST_CASE("the fastest is faster in its slowest repeat than all others that can be compared") {
  CHECK(fastest(Trials{example_trial(60), example_trial(90)}) == 1);
  CHECK_FALSE(fastest(Trials{example_trial(60), example_trial(63)}));  // [58, 62] and [61, 65]
  CHECK_FALSE(fastest(Trials{example_trial(60)}));
  auto loaded = example_trial(500);
  loaded.load = 0.5;
  CHECK(fastest(Trials{example_trial(60), example_trial(90), loaded}) == 1);
  CHECK_FALSE(fastest(Trials{example_trial(60), loaded}));
}
