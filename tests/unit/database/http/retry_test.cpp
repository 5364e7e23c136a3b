#include "matcher/database/http/retry.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace matcher::database;

TEST_CASE("a repeatable request is tried again after longer and longer waits, up to a limit") {
  const RetryPolicy policy{4, 0.5, 1.5};
  const Outcome dropped{Transport::dropped, 0, std::nullopt, false};
  CHECK(wait_before_next(policy, dropped, true, true, 1) == 0.5);
  CHECK(wait_before_next(policy, dropped, true, true, 2) == 1.0);
  CHECK(wait_before_next(policy, dropped, true, true, 3) == 1.5);
  CHECK(!wait_before_next(policy, dropped, true, true, 4));
}

TEST_CASE("another request is tried again only if the server did nothing") {
  const RetryPolicy policy;
  const auto status = [](long code) { return Outcome{Transport::answered, code, std::nullopt, false}; };
  const auto transport = [](Transport t) { return Outcome{t, 0, std::nullopt, false}; };
  for (const long code : {408L, 500L, 502L, 503L, 504L}) {
    CHECK(wait_before_next(policy, status(code), true, true, 1));
    CHECK(!wait_before_next(policy, status(code), false, true, 1));
  }
  for (const auto t : {Transport::dropped, Transport::timed_out}) {
    CHECK(wait_before_next(policy, transport(t), true, true, 1));
    CHECK(!wait_before_next(policy, transport(t), false, true, 1));
  }
  CHECK(wait_before_next(policy, status(429), false, true, 1));
  CHECK(wait_before_next(policy, transport(Transport::refused), false, true, 1));
}

TEST_CASE("a failure that waiting does not repair is not tried again") {
  const RetryPolicy policy;
  for (const long code : {400L, 401L, 403L, 404L, 409L, 413L, 422L}) {
    CHECK(!wait_before_next(policy, {Transport::answered, code, std::nullopt, false}, true, true, 1));
  }
  CHECK(!wait_before_next(policy, {Transport::insecure, 0, std::nullopt, false}, true, true, 1));
  CHECK(!wait_before_next(policy, {Transport::answered, 500, std::nullopt, true}, true, true, 1));
  CHECK(!wait_before_next(policy, {Transport::refused, 0, std::nullopt, false}, true, false, 1));
  CHECK(!wait_before_next(policy, {Transport::unresolved, 0, std::nullopt, false}, true, false, 1));
}

TEST_CASE("the wait that a server asks for is kept, up to a limit") {
  const RetryPolicy policy{6, 0.25, 8};
  CHECK(wait_before_next(policy, {Transport::answered, 429, 3.0, false}, true, true, 1) == 3.0);
  CHECK(wait_before_next(policy, {Transport::answered, 429, 3600.0, false}, true, true, 1) == 8.0);
}

TEST_CASE("full disks are recognised by the words of servers") {
  CHECK(says_disk_full(R"({"error":"InternalError","message":"database or disk is full"})"));
  CHECK(says_disk_full("write: No space left on device (os error 28)"));
  CHECK(!says_disk_full("the collection is full of items"));
}
