#include "matcher/image/codec/limits.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <new>
#include <thread>

#include "matcher/process/memory.hpp"

namespace matcher::image {
namespace {

std::string reason(std::int64_t width, std::int64_t height) {
  try {
    check_size(width, height);
  } catch (const DecodeError& error) {
    return error.what();
  }
  return {};
}

TEST_CASE("a size of zero is impossible, a size above the limit is too large") {
  CHECK(reason(0, 5) == "impossible size: 0 x 5 pixels");
  CHECK(reason(5, -1) == "impossible size: 5 x -1 pixels");
  CHECK(reason(20000, 20000) ==
        "too large: 20000 x 20000 pixels, at most 268435456 pixels are supported. Make the image smaller");
  CHECK(reason(1 << 14, 1 << 14).empty());
}

/// The largest number of threads that held `amount` of a budget of 100 at once.
int most_at_once(std::int64_t amount) {
  Budget budget(100);
  std::atomic<int> at_once{0}, most{0};
  std::vector<std::jthread> workers;
  for (int i = 0; i < 12; ++i)
    workers.emplace_back([&] {
      budget.take(amount);
      const int now = ++at_once;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      --at_once;
      budget.release(amount);
    });
  workers.clear();
  return most;
}

TEST_CASE("images that would exceed the budget wait for each other, and a larger one runs alone") {
  CHECK(most_at_once(40) <= 2);
  CHECK(most_at_once(60) == 1);
  CHECK(most_at_once(1000) == 1);
  CHECK(most_at_once(5) > 1);
}

TEST_CASE("a lack of memory is a reason, not the end") {
  const auto lack = []() -> int { throw std::bad_alloc(); };
  CHECK_THROWS_AS(with_memory_errors(lack), DecodeError);
  CHECK(with_memory_errors([] { return 3; }) == 3);
}

TEST_CASE("this machine has some memory") { CHECK(available_memory() > (1u << 20)); }

}  // namespace
}  // namespace matcher::image
