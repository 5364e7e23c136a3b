#include "matcher/pipeline/publish.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/core/error.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using namespace matcher::pipeline;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("an address is checked before anything is read") {
  test::Surroundings here;
  PublishOptions options;
  options.input.embeddings = {here.scratch / "missing"};
  options.target.address = "milvus://127.0.0.1/products__3f9c1a2b44d0";
  const auto names_a_version = ContainsSubstring("names a version of \"products\"");
  CHECK_THROWS_WITH(publish(here.context, options), names_a_version);
  CHECK_THROWS_WITH(restore_version(here.context, options.target.address), names_a_version);
}

TEST_CASE("a server is contacted before anything is read") {
  test::Surroundings here;
  PublishOptions options;
  options.input.embeddings = {here.scratch / "missing"};
  options.target.address = "milvus://127.0.0.1:1/products";  // nothing listens on port 1
  CHECK_THROWS_WITH(publish(here.context, options), ContainsSubstring("cannot connect to milvus://127.0.0.1:1"));
}
