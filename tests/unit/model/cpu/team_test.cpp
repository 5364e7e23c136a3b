#include "matcher/model/cpu/team.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <memory>
#include <vector>

using namespace matcher::model;

TEST_CASE("a team does every task once, on its own threads") {
  const int threads = GENERATE(1, 2, 7);
  cpu::Team team(threads);
  CHECK(team.size() == threads);
  for (int round = 0; round < 2000; ++round) {
    const int tasks = round % 23;
    std::vector<int> done(std::size_t(tasks), 0);
    std::atomic<int> strangers = 0;
    team.run(tasks, [&](std::int64_t task, int thread) {
      ++done[std::size_t(task)];
      if (thread < 0 || thread >= threads) ++strangers;
    });
    REQUIRE(done == std::vector<int>(std::size_t(tasks), 1));
    REQUIRE(strangers == 0);
  }
}

TEST_CASE("a team without work can be destroyed") {
  for (int i = 0; i < 100; ++i) const cpu::Team team(3);
}
