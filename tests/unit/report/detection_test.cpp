#include "matcher/report/detection.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "unit/report/example.hpp"

using namespace matcher::report;

TEST_CASE("the sentence of a threshold counts who gets an answer") {
  auto d = example_detection();
  d.threshold.value = 0.8822;
  d.accepted.value = 0.029;
  d.known = 240;
  d.unknown = 400;
  d.false_alarms.value = 0.01;
  CHECK(
      sentence(d) ==
      "With a threshold of 0.8822, 97 of 100 photos of catalogue products get no answer, and 1 of 100 photos of other "
      "products get one");
  d.known = 35;
  d.unknown = 20;
  d.false_alarms.value = 0.05;
  CHECK(sentence(d) ==
        "With a threshold of 0.8822, 34 of 35 photos of catalogue products get no answer, and 1 of 20 photos of other "
        "products get one");
  d.threshold.value = std::numeric_limits<double>::infinity();
  CHECK(sentence(d) == "Too few photos of unknown products: no threshold was found");
}
