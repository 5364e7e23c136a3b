#include "matcher/pipeline/search/evaluate_alike.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using namespace matcher::pipeline;

namespace {

run::Run run_without(std::size_t images, const std::string& model) {
  run::Run run;
  run.report.model.name = model;
  run.report.dataset.query_failures = images;
  return run;
}

}  // namespace

TEST_CASE("a model that lost an image for a moment is evaluated once more") {
  test::Listener observer;
  std::vector<std::size_t> calls;
  const auto evaluate = [&](std::size_t i) {
    calls.push_back(i);
    return run_without(i == 1 && calls.size() < 3 ? 1 : 0, i == 0 ? "a" : "b");
  };
  const auto runs = evaluate_alike(2, evaluate, observer);
  CHECK(calls == std::vector<std::size_t>{0, 1, 1});
  CHECK(runs[1].report.dataset.query_failures == 0);
}

TEST_CASE("models that lost the same number of images are evaluated once") {
  test::Listener observer;
  std::size_t calls = 0;
  evaluate_alike(
      3,
      [&](std::size_t) {
        ++calls;
        return run_without(2, "a");
      },
      observer);
  CHECK(calls == 3);
  CHECK(evaluate_alike(
            0, [](std::size_t) { return run::Run(); }, observer)
            .empty());
}
