#include "matcher/process/other_load.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "matcher/process/memory.hpp"

namespace matcher {
namespace {

TEST_CASE("the load of others is what is busy without this process, as a share of all cores") {
  const CoreTimes before{.all = 100, .busy = 40, .own = 10};
  CHECK(other_load(before, {.all = 110, .busy = 45, .own = 14}) == 0.1);
  CHECK(other_load(before, {.all = 110, .busy = 44, .own = 14}) == 0);
  CHECK(other_load(before, {.all = 110, .busy = 43, .own = 14}) == 0);  // counted at another moment
  CHECK(other_load(before, before) == 0);
}

TEST_CASE("times of cores rise") {
  const auto before = core_times();
  volatile double sum = 0;
  for (int i = 0; i < 20'000'000; ++i) sum = sum + i;
  const auto after = core_times();
  CHECK(before.all > before.busy);
  CHECK(after.own > before.own);
  CHECK(after.all >= before.all);
}

TEST_CASE("the peak of memory counts what was freed") {
  reset_peak_memory();
  const auto before = peak_memory();
  {
    const std::vector<char> block(64 << 20, 1);
    CHECK(block.back() == 1);
  }
  CHECK(peak_memory() >= before + (48 << 20));
}

}  // namespace
}  // namespace matcher
