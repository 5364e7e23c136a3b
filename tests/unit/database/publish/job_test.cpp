#include "matcher/database/publish/job.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/database/versions/lease.hpp"
#include "unit/database/publish/shop.hpp"

using namespace matcher;
using namespace matcher::database;
using namespace matcher::database::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const auto &first = first_version, &second = second_version;

}  // namespace

TEST_CASE("a first publication is proven and made live") {
  Shop shop;
  const auto result = shop.publish(gallery_of({"a", "b", "c"}));
  CHECK(result.version == first);
  CHECK(result.previous.empty());
  CHECK((result.sent == 3 && result.unchanged == 0 && result.removed == 0));
  CHECK(result.live);
  CHECK(result.proof.failure.empty());
  CHECK(result.proof.agreement == 1);
  CHECK(result.manifest.type == "memory flat");
  CHECK(!result.manifest.exact);
  CHECK(shop.server->live("products") == first);
  CHECK(shop.is_complete(first));
}

TEST_CASE("a second publication sends the difference only") {
  Shop shop;
  shop.publish(gallery_of({"a", "b", "c"}));
  shop.server->upserted = 0;
  auto gallery = gallery_of({"a", "b", "d"});
  gallery.items[1].label = "relabelled";
  const auto result = shop.publish(gallery);
  CHECK((result.sent == 2 && result.unchanged == 1 && result.removed == 1));
  CHECK(shop.server->upserted == 2);
  CHECK(result.previous == first);
  CHECK(result.live);
  CHECK(shop.server->collections.at(first).rows.at("b").first.values[0] == "relabelled");
}

TEST_CASE("an interrupted publication leaves an incomplete version, and the next one continues it") {
  Shop shop;
  shop.server->row_limit = 2;
  shop.server->fail_after = 2;
  CHECK(shop.error_of(gallery_of({"a", "b", "c"})).code() == ErrorCode::resource);
  CHECK(!shop.is_complete(first));
  CHECK(shop.server->live("products").empty());
  shop.server->fail_after = -1;
  CHECK(shop.publish(gallery_of({"a", "b", "c"})).sent == 1);
  CHECK(shop.is_complete(first));
}

TEST_CASE("of two writers of one name, the second is refused, and the first completes") {
  Shop shop;
  const auto start = GENERATE(0, 1, 2);  // a first publication, a continued one, an update
  if (start == 1) {
    shop.server->fail_after = 1;
    shop.error_of(gallery_of({"x", "y"}));
    shop.server->fail_after = -1;
  }
  if (start == 2) shop.publish(gallery_of({"x", "y"}));
  auto earlier = gallery_of({"a", "b", "c"}), later = gallery_of({"a", "b", "c"});
  for (auto& item : earlier.items) item.label = "earlier";
  for (auto& item : later.items) item.label = "later";
  shop.server->row_limit = 1;
  Error refused(ErrorCode::ok, "");
  shop.server->meanwhile = [&] { refused = shop.error_of(later); };
  CHECK(shop.publish(earlier).proof.failure.empty());
  CHECK(refused.code() == ErrorCode::resource);
  CHECK_THAT(refused.what(), ContainsSubstring("another matcher writes to chroma://host/products: process ") &&
                                 ContainsSubstring(" UTC. Wait until it ends, then run the command again"));
  CHECK(shop.is_complete(first));
  CHECK(shop.server->locks.empty());
  for (const auto& [id, content] : shop.server->collections.at(first).rows) CHECK(content.first.values[0] == "earlier");
}

TEST_CASE("a process whose lock another one took over stops") {
  Shop shop;
  shop.server->row_limit = 1;
  auto other = this_process();
  shop.server->meanwhile = [&] { shop.server->locks["products"] = holder_text(other); };
  const auto error = shop.error_of(gallery_of({"a", "b", "c"}));
  CHECK_THAT(error.what(), ContainsSubstring("another matcher took over the lock of chroma://host/products"));
  CHECK(parse_holder(shop.server->locks.at("products")) == other);
  CHECK(!shop.is_complete(first));
}

TEST_CASE("the lock of a process that ended is taken over") {
  Shop shop;
  auto dead = this_process();
  dead.begun -= 1;  // another process had this number before
  shop.server->locks["products"] = holder_text(dead);
  CHECK(shop.publish(gallery_of({"a", "b"})).live);
  CHECK(shop.server->locks.empty());
}

TEST_CASE("a lock of another machine is respected") {
  Shop shop;
  auto other = this_process();
  other.machine = "another";
  other.host = "far.example";
  other.process = 77;
  other.since_s = 1'700'000'000;
  shop.server->locks["products"] = holder_text(other);
  const auto error = shop.error_of(gallery_of({"a", "b"}));
  CHECK(error.what() ==
        std::string("another matcher writes to chroma://host/products: process 77 on far.example, since "
                    "2023-11-14 22:13:20 UTC. Wait until it ends, then run the command again"));
}

TEST_CASE("records that searches do not find are named, and the version does not go live") {
  Shop shop;
  shop.publish(gallery_of({"a", "b", "c"}));
  shop.server->unfound_id = "b";
  auto changed = gallery_of({"a", "b", "c"});
  changed.items[1].label = "new";
  const auto result = shop.publish(changed);
  CHECK(result.proof.searched == 1);
  CHECK(result.proof.failure ==
        "1 of 1 records are stored, but a search with their own vectors does not find them: \"b\"");
  CHECK(!shop.is_complete(first));
  shop.target.reindex = true;
  const auto other = shop.publish(gallery_of({"a", "b", "c"}, other_model));
  CHECK(other.proof.lost == std::vector<std::string>{"b"});
  CHECK(shop.server->live("products") == first);
  shop.target.rebuild = true;
  const auto again = shop.publish(gallery_of({"a", "b", "c"}, other_model));
  CHECK(again.sent == 3);
  CHECK(again.version != other.version);  // what lost records is not continued
  shop.server->unfound_id.clear();
  shop.target.reindex = false;
  shop.target.rebuild = true;
  const auto rebuilt = shop.publish(changed);
  CHECK(rebuilt.sent == 3);
  CHECK(rebuilt.version != first);
  CHECK(shop.server->live("products") == rebuilt.version);
  shop.target.rebuild = false;
  CHECK(shop.publish(changed).version == rebuilt.version);
}

TEST_CASE("a continued version is not proven while another process changes its items") {
  Shop shop;
  shop.server->fail_after = 1;
  shop.error_of(gallery_of({"a", "b"}));
  shop.server->fail_after = -1;
  shop.server->meanwhile = [&] { shop.server->collections.at(first).rows.at("a").first.values[0] = "other"; };
  const auto result = shop.publish(gallery_of({"a", "b"}));
  CHECK(result.proof.failure == "1 of its items are not those that were sent: another program writes to it");
  CHECK(!result.live);
}

TEST_CASE("a version does not go live if another one did meanwhile") {
  Shop shop;
  shop.publish(gallery_of({"a"}));
  shop.target.reindex = true;
  shop.server->meanwhile = [&] { shop.server->make_live("products", "products__000000000000"); };
  CHECK_THAT(shop.error_of(gallery_of({"a"}, other_model)).what(),
             ContainsSubstring("another matcher made \"products__000000000000\" of chroma://host/products live "
                               "meanwhile; \"" +
                               second + "\" is proven, but not live"));
  CHECK(shop.server->live("products") == "products__000000000000");
}

TEST_CASE("a version that is not proven does not go live") {
  Shop shop;
  SECTION("a row is missing") {
    shop.server->lost_id = "b";
    CHECK(shop.publish(gallery_of({"a", "b", "c"})).proof.failure == "it holds 2 items, not 3");
  }
  SECTION("searches leave answers out") {
    shop.server->forgets_best = true;
    const auto proof = shop.publish(gallery_of({"a", "b", "c"})).proof;
    CHECK_THAT(proof.failure, ContainsSubstring("a search with their own vectors does not find them"));
    CHECK(proof.agreement < 0.95);
  }
  CHECK(shop.server->live("products").empty());
  CHECK(!shop.is_complete(first));
}

TEST_CASE("records that were replaced or removed are counted until the version is built from scratch") {
  Shop shop;
  CHECK(shop.publish(gallery_of({"a", "b", "c"})).churn.records == 0);
  auto changed = gallery_of({"a", "b", "d"});
  changed.items[1].label = "new";
  const auto once = shop.publish(changed);  // c is removed, b replaced, d added
  CHECK((once.churn.records == 2 && !once.churn.is_high));
  shop.server->fail_after = shop.server->upserted;
  shop.error_of(gallery_of({"a", "b", "d"}));
  shop.server->fail_after = -1;
  const auto twice = shop.publish(gallery_of({"a", "b", "d"}));  // b is replaced again; the interrupted run counts, too
  CHECK((twice.churn.records == 4 &&
         twice.churn.is_high == (shop.server->collections.at(first).index == IndexType::hnsw)));
  shop.target.rebuild = true;
  CHECK(shop.publish(changed).churn.records == 0);
}

TEST_CASE("a graph of which as many records changed as it holds should be built again") {
  VersionRecord record;
  record.churn = 3;
  record.index = IndexType::hnsw;
  CHECK(churn_of(record, 3).is_high);
  CHECK_FALSE(churn_of(record, 4).is_high);
  record.index = IndexType::flat;
  CHECK_FALSE(churn_of(record, 3).is_high);
}

TEST_CASE("another model replaces the live version only as a version beside it") {
  Shop shop;
  shop.publish(gallery_of({"a", "b"}));
  const auto error = shop.error_of(gallery_of({"a", "b"}, other_model));
  CHECK(error.code() == ErrorCode::mismatch);
  CHECK_THAT(error.what(), ContainsSubstring("model-3f (16-d, fp32, 3f9c1a2b)") && ContainsSubstring("add --reindex"));
  shop.target.reindex = true;
  const auto result = shop.publish(gallery_of({"a", "b"}, other_model));
  CHECK(result.version == second);
  CHECK(result.previous == first);
  CHECK(shop.server->live("products") == second);
  CHECK(shop.server->collections.size() == 2);
}

TEST_CASE("another dataset replaces the live version only on request") {
  Shop shop;
  shop.publish(gallery_of({"a", "b"}));
  auto gallery = gallery_of({"c"});
  gallery.manifest.data.name = "warehouse";
  CHECK_THAT(shop.error_of(gallery).what(), ContainsSubstring("2 items of \"shop\", which 1 items of \"warehouse\""));
  CHECK(shop.server->count(first) == 2);
}

TEST_CASE("a staged version is complete but not live, and publishing it again makes it live") {
  Shop shop;
  shop.publish(gallery_of({"a"}));
  shop.target.reindex = shop.target.stage = true;
  CHECK(!shop.publish(gallery_of({"a"}, other_model)).live);
  CHECK(shop.is_complete(second));
  CHECK(shop.server->live("products") == first);
  CHECK(shop.error_of(gallery_of({"a"})).code() == ErrorCode::usage);  // the live version is changed in place
  shop.target.stage = false;
  CHECK(shop.publish(gallery_of({"a"}, other_model)).sent == 0);
  CHECK(shop.server->live("products") == second);
}

TEST_CASE("old versions are dropped on request, foreign collections are not") {
  Shop shop;
  shop.publish(gallery_of({"a"}));
  shop.server->collections["products__000000000000"];  // no record: not made by matcher
  shop.target.reindex = shop.target.drop_old = true;
  CHECK(shop.publish(gallery_of({"a"}, other_model)).dropped == std::vector<std::string>{first});
  CHECK(shop.server->collections.size() == 2);
}

TEST_CASE("a gallery that is empty or has an id twice is refused") {
  Shop shop;
  CHECK_THAT(shop.error_of(gallery_of({})).what(), ContainsSubstring("\"shop\" is empty"));
  CHECK_THAT(shop.error_of(gallery_of({"a", "a"})).what(), ContainsSubstring("the id \"a\" twice"));
  CHECK(shop.server->collections.empty());
}

TEST_CASE("restoring makes the version live that was live before, if there is one") {
  Shop shop;
  CHECK_THROWS_AS(restore_previous(*shop.server, shop.address), Error);
  shop.publish(gallery_of({"a"}));
  CHECK_THROWS_AS(restore_previous(*shop.server, shop.address), Error);
  shop.target.reindex = true;
  shop.publish(gallery_of({"a"}, other_model));
  const auto restored = restore_previous(*shop.server, shop.address);
  CHECK(restored.version == first);
  CHECK(restored.previous == second);
  CHECK(shop.server->live("products") == first);
  CHECK_THROWS_AS(restore_previous(*shop.server, shop.address), Error);
}
