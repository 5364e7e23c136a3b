#include "matcher/pipeline/shard.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "unit/core/scratch.hpp"

using namespace matcher;
using pipeline::parse_shard;
using pipeline::Shard;

TEST_CASE("A shard is a number and the number of shards", "[shard]") {
  CHECK(parse_shard("3/16") == Shard{3, 16});
  CHECK(parse_shard("1/1") == Shard{1, 1});
  CHECK(parse_shard("16/16") == Shard{16, 16});
}

TEST_CASE("A shard that cannot exist is refused with an example", "[shard]") {
  const std::string text = GENERATE("", "/", "3", "3/", "/16", "0/4", "5/4", "1/0", "-1/4", "1.5/4", "a/b", "1/2/3",
                                    " 1/2", "1/2 ", "99999999999999999999999/1");
  CHECK(test::error_of(ErrorCode::usage, [&] { parse_shard(text); }) ==
        "--shard \"" + text + "\" is not NUMBER/OF with NUMBER from 1 to OF, for example 3/16");
}
