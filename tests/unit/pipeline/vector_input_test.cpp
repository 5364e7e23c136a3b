#include "matcher/pipeline/vector_input.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "unit/core/scratch.hpp"

using namespace matcher;
using Catch::Matchers::StartsWith;
using pipeline::check_vector_input;
using test::error_of;

TEST_CASE("Vectors come from a model and a dataset, or from embedding sets", "[vector-input]") {
  CHECK_NOTHROW(check_vector_input({.model = "m", .dataset = "d"}));
  CHECK_NOTHROW(check_vector_input({.model = "", .dataset = "", .embeddings = {"set"}}));
}

TEST_CASE("A missing model or dataset is named with its flag", "[vector-input]") {
  CHECK_THAT(error_of(ErrorCode::usage, [] { check_vector_input({.model = "", .dataset = "d"}); }),
             StartsWith("no model was given: use --model NAME"));
  CHECK_THAT(error_of(ErrorCode::usage, [] { check_vector_input({.model = "m", .dataset = ""}); }),
             StartsWith("no dataset was given: use --dataset NAME or PATH"));
}
