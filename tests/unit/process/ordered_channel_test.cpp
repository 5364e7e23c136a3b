#include "matcher/process/ordered_channel.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <memory>
#include <stdexcept>
#include <thread>

namespace matcher {
namespace {

std::exception_ptr some_error() { return std::make_exception_ptr(std::runtime_error("the disk is gone")); }

TEST_CASE("results come out by number, whatever the order they went in") {
  OrderedChannel<int> channel(10, 13, 3);
  for (int i = 0; i < 3; ++i) CHECK(channel.claim() == 10 + i);
  for (const int number : {12, 10, 11}) channel.put(std::size_t(number), number * number);
  for (const int number : {10, 11, 12}) CHECK(channel.take() == number * number);
  CHECK(channel.take() == std::nullopt);
}

TEST_CASE("there is nothing to claim after the last number") {
  OrderedChannel<int> channel(0, 1, 4);
  CHECK(channel.claim() == 0);
  CHECK(channel.claim() == std::nullopt);
}

TEST_CASE("an empty range has nothing to claim and nothing to take") {
  OrderedChannel<int> channel(5, 5, 2);
  CHECK(channel.claim() == std::nullopt);
  CHECK(channel.take() == std::nullopt);
}

TEST_CASE("nobody claims beyond the window until a result is taken") {
  OrderedChannel<int> channel(0, 3, 1);
  channel.claim();
  std::optional<std::size_t> claimed;
  std::jthread worker([&] { claimed = channel.claim(); });
  channel.put(0, 7);
  CHECK(channel.take() == 7);
  worker.join();
  CHECK(claimed == 1);
}

TEST_CASE("closing frees who waits for room") {
  OrderedChannel<int> channel(0, 3, 1);
  channel.claim();
  std::optional<std::size_t> claimed = 9;
  std::jthread worker([&] { claimed = channel.claim(); });
  channel.close();
  worker.join();
  CHECK(claimed == std::nullopt);
}

TEST_CASE("the taker gets the results before an error, then the error") {
  OrderedChannel<int> channel(0, 3, 3);
  channel.claim();
  channel.put(0, 7);
  channel.fail(some_error());
  CHECK(channel.take() == 7);
  CHECK_THROWS_WITH(channel.take(), "the disk is gone");
}

TEST_CASE("an error wakes a taker that waits") {
  OrderedChannel<int> channel(0, 1, 1);
  std::jthread worker([&] { channel.fail(some_error()); });
  CHECK_THROWS_WITH(channel.take(), "the disk is gone");
}

TEST_CASE("many workers lose nothing and keep the order") {
  constexpr std::size_t count = 3000;
  OrderedChannel<std::unique_ptr<std::size_t>> channel(0, count, 5);
  std::vector<std::jthread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      while (const auto number = channel.claim()) channel.put(*number, std::make_unique<std::size_t>(*number * 2));
    });
  }
  std::size_t in_order = 0;
  while (const auto value = channel.take()) in_order += **value == in_order * 2;
  CHECK(in_order == count);
}

}  // namespace
}  // namespace matcher
