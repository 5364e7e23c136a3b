#include "matcher/database/publish/part.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/database/versions/lease.hpp"
#include "unit/database/publish/shop.hpp"

using namespace matcher;
using namespace matcher::database;
using namespace matcher::database::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Part `part` of the gallery a, b, c, d: two items, with the vectors that they have in the whole.
Gallery half_of(const Gallery& whole, std::size_t first) {
  Gallery half = whole;
  half.items = {whole.items[first], whole.items[first + 1]};
  Matrix vectors(2, whole.vectors->cols());
  whole.vectors->copy(first, vectors);
  half.vectors = std::make_shared<Owned>(std::move(vectors));
  half.manifest.count = 2;
  half.expected = 4;
  return half;
}

}  // namespace

TEST_CASE("parts fill a version that a publication of all sets completes") {
  Shop shop;
  const auto whole = gallery_of({"a", "b", "c", "d"});
  CHECK(shop.send(half_of(whole, 2)).sent == 2);
  const auto part = shop.send(half_of(whole, 0));
  CHECK((part.version == first_version && part.sent == 2 && part.unchanged == 0));
  CHECK(!shop.is_complete(first_version));
  CHECK(shop.server->live("products").empty());
  const auto result = shop.publish(whole);
  CHECK((result.sent == 0 && result.unchanged == 4 && result.live));
  CHECK(result.proof.searched == 4);  // nothing of what the parts sent was proven before
}

TEST_CASE("a part that was interrupted sends only what is missing") {
  Shop shop;
  const auto whole = gallery_of({"a", "b", "c", "d"});
  shop.server->row_limit = 1;
  shop.server->fail_after = 1;
  CHECK(shop.error_of([&] { shop.send(half_of(whole, 0)); }).code() == ErrorCode::resource);
  shop.server->fail_after = -1;
  const auto again = shop.send(half_of(whole, 0));
  CHECK((again.sent == 1 && again.unchanged == 1));
}

TEST_CASE("a part stops if its version is completed meanwhile") {
  Shop shop;
  const auto whole = gallery_of({"a", "b", "c", "d"});
  shop.server->row_limit = 1;
  shop.server->meanwhile = [&] { shop.publish(gallery_of({"a"})); };
  const auto error = shop.error_of([&] { shop.send(half_of(whole, 0)); });
  CHECK(error.what() ==
        std::string("another matcher completed \"products__3f9c1a2b44d0\" of chroma://host/products while "
                    "this part was sent; send all parts before the command without --part"));
  CHECK(shop.server->count(first_version) == 1);
}

TEST_CASE("a part does not change a version that is live or complete, or one that is being published") {
  Shop shop;
  const auto whole = gallery_of({"a", "b", "c", "d"});
  SECTION("live") {
    shop.publish(whole);
    const auto error = shop.error_of([&] { shop.send(half_of(whole, 0)); });
    CHECK(error.code() == ErrorCode::usage);
    CHECK_THAT(error.what(), ContainsSubstring("\"products__3f9c1a2b44d0\" of chroma://host/products is live"));
  }
  SECTION("staged") {
    shop.target.stage = true;
    shop.publish(whole);
    CHECK_THAT(shop.error_of([&] { shop.send(half_of(whole, 0)); }).what(), ContainsSubstring(" is complete, with "));
  }
  SECTION("being published") {
    shop.server->locks["products"] = holder_text(this_process());
    CHECK_THAT(shop.error_of([&] { shop.send(half_of(whole, 0)); }).what(),
               ContainsSubstring("another matcher writes to chroma://host/products: process "));
    CHECK(shop.server->collections.empty());
  }
}
