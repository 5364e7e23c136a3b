#include "matcher/eval/tune.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

using namespace matcher::eval;

namespace {

/// A query of two candidates, the first of them right, with each model's scores.
Pool pool(std::vector<double> first_model, std::vector<double> second_model) {
  return {{std::move(first_model), std::move(second_model)}, {1, 0}};
}

}  // namespace

TEST_CASE("tuning finds weights that get all right") {
  // Right for a first weight above 0.6098, above 0.5, and below 0.75.
  const std::vector<Pool> pools{pool({0.5, 0.1}, {0.1, 0.725}), pool({0.5, 0.1}, {0.1, 0.5}),
                                pool({0.3, 0.4}, {0.7, 0.4})};
  const auto found = tune(pools);
  CHECK(found.weights == std::vector<double>{0.61, 0.39});
  CHECK(found.top1 == 1);
  CHECK(found.mrr == 1);
}

TEST_CASE("tuning stays with equal weights when nothing is gained") {
  const std::vector<Pool> easy{pool({0.9, 0.1}, {0.8, 0.2})}, hopeless{pool({0.1, 0.9}, {0.2, 0.8})};
  CHECK(tune(easy).weights == std::vector<double>{0.5, 0.5});
  CHECK(tune(hopeless).weights == std::vector<double>{0.5, 0.5});
  CHECK(tune(hopeless).top1 == 0);
  CHECK(tune(hopeless).mrr == 0.5);
}

TEST_CASE("a model that only harms gets nothing") {
  const std::vector<Pool> pools{pool({0.51, 0.50}, {0.0, 1.0})};
  CHECK(tune(pools).weights == std::vector<double>{1, 0});
}

TEST_CASE("tuning takes any number of models") {
  for (const std::size_t models : {1, 3, 5, 7}) {
    Pool only_last{std::vector<std::vector<double>>(models, {0.0, 1.0}), {1, 0}};
    only_last.points.back() = {0.51, 0.50};
    const auto found = tune(std::span(&only_last, 1));
    CHECK(found.top1 == 1);
    CHECK(found.weights.back() > 0.98);
  }
  CHECK_THROWS_WITH(tune({}),
                    "no query can choose weights: none has a label that the gallery has; check the label column");
}
