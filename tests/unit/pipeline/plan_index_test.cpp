#include "matcher/pipeline/plan_index.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/core/error.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using namespace matcher::pipeline;
using Catch::Matchers::ContainsSubstring;
using matcher::test::item;

TEST_CASE("a plan counts the vectors of embedding sets and writes nothing") {
  test::Surroundings here;
  IndexOptions options;
  options.input.embeddings = {
      test::write_set(here.scratch / "set", {item("a"), item("b"), item("q", "", "queries")}, test::manifest())};
  options.output = here.scratch / "shelf";
  const auto plan = plan_index(here.context, options);
  CHECK(plan.vectors == 2);
  CHECK(plan.dimension == 2);
  CHECK(plan.plan.type == "Flat");
  CHECK(plan.plan.index_bytes == 2 * 2 * 4);
  CHECK(plan.item_bytes > 2 * 800);
  CHECK(plan.item_bytes < 2 * 1300);
  CHECK(plan.build_bytes > plan.plan.build_bytes + plan.item_bytes);
  CHECK(plan.seconds > 0);
  REQUIRE(plan.alternatives.size() == 2);
  CHECK(plan.alternatives[0].type == "Flat");
  CHECK(plan.alternatives[0].recall == 1);
  CHECK(!fs::exists(options.output));
}

TEST_CASE("a plan counts the images of a dataset and asks the description for the dimension") {
  test::Surroundings here;
  here.describe_model("thumb", "builtin: colour-layout\ndimension: 384\n");
  here.draw("photos/gallery/p1/1.png", 1);
  here.draw("photos/gallery/p1/2.png", 2);
  here.draw("photos/queries/p1/1.png", 3);
  IndexOptions options;
  options.input.model = "thumb";
  options.input.dataset = (here.scratch / "photos").string();
  const auto plan = plan_index(here.context, options);
  CHECK(plan.vectors == 2);
  CHECK(plan.dimension == 384);
}

TEST_CASE("a plan without vectors is refused") {
  test::Surroundings here;
  IndexOptions options;
  options.input.embeddings = {test::write_set(here.scratch / "set", {}, test::manifest())};
  CHECK_THROWS_WITH(plan_index(here.context, options), ContainsSubstring("there are no vectors to index"));
}
