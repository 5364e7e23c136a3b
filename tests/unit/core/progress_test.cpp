#include "matcher/core/progress.hpp"

#include <catch2/catch_test_macros.hpp>

namespace matcher {
namespace {

TEST_CASE("progress says stage, place, speed and time") {
  CHECK(describe({"[2/3] mobilenet-v2, queries", 2640, 0, 1376}, 33.5) ==
        "[2/3] mobilenet-v2, queries 1376/2640, 41 a second, 31 s left");
}

TEST_CASE("the speed is that of this run") {
  CHECK(describe({"m, gallery", 400, 100, 200}, 50) == "m, gallery 200/400, 2.0 a second, 100 s left");
}

TEST_CASE("progress without a total or a speed leaves the rest out") {
  CHECK(describe({"reading", 0, 0, 50}, 1) == "reading 50, 50 a second");
  CHECK(describe({"m, gallery", 400, 100, 100}, 2) == "m, gallery 100/400");
}

}  // namespace
}  // namespace matcher
