#include "matcher/process/parallel.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <chrono>
#include <thread>

#include "matcher/core/error.hpp"

using namespace matcher;

TEST_CASE("work is done once each, and the first failure ends it") {
  std::atomic<int> sum{0};
  in_parallel(100, 4, [&](std::size_t i) { sum += int(i); });
  CHECK(sum == 4950);
  std::atomic<int> begun{0};
  const auto work = [&](std::size_t i) {
    ++begun;
    if (i == 3) throw Error(ErrorCode::resource, "three");
    if (i > 3)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // or all may be done before the throw is caught
  };
  CHECK_THROWS_WITH(in_parallel(100000, 2, work), "three");
  CHECK(begun < 100000);
  begun = 0;
  CHECK_THROWS_WITH(in_parallel(100000, 1, work), "three");
  CHECK(begun == 4);
  in_parallel(0, 4, [](std::size_t) { FAIL(); });
}
