#include "matcher/pipeline/embedding/listing.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "unit/core/scratch.hpp"

using namespace matcher;
using pipeline::list_works;
using test::error_of;

namespace {

dataset::Item item(const std::string& id, const std::string& path = "") {
  dataset::Item made;
  made.id = id;
  made.path = path;
  made.label = "label of " + id;
  made.text = path.empty() ? "words of " + id : "";
  return made;
}

dataset::Dataset shop() { return {"shop", "", {item("g1"), item("g2"), item("g3")}, {item("q1"), item("q2")}, {}}; }

std::string ids(const std::vector<pipeline::Work>& works) {
  std::string all;
  for (const auto& work : works) all += work.item->id + (work.role == Role::gallery ? "g " : "q ");
  return all;
}

}  // namespace

TEST_CASE("A listing has the gallery before the queries, or one of the two", "[listing]") {
  const auto data = shop();
  CHECK(ids(list_works(data, Split::all, {}).works) == "g1g g2g g3g q1q q2q ");
  CHECK(ids(list_works(data, Split::gallery, {}).works) == "g1g g2g g3g ");
  CHECK(ids(list_works(data, Split::queries, {}).works) == "q1q q2q ");
}

TEST_CASE("Shards are consecutive, and together they are the whole", "[listing]") {
  const auto data = shop();
  const std::size_t of = GENERATE(1, 2, 3, 4, 5);
  std::string joined;
  std::size_t least = 99, most = 0;
  for (std::size_t number = 1; number <= of; ++number) {
    const auto works = list_works(data, Split::all, {number, of}).works;
    least = std::min(least, works.size());
    most = std::max(most, works.size());
    joined += ids(works);
  }
  CHECK(joined == ids(list_works(data, Split::all, {}).works));
  CHECK(most - least <= 1);
}

TEST_CASE("More shards than items are refused with the most that work", "[listing]") {
  const auto data = shop();
  CHECK(error_of(ErrorCode::usage, [&] {
          list_works(data, Split::all, {1, 6});
        }) == "--shard 1/6 needs more items than the 5 of \"shop\"; use at most 5 shards");
}

TEST_CASE("An empty part of a dataset is refused by its name", "[listing]") {
  dataset::Dataset data;
  data.name = "shop";
  const auto message = [&](Split split) { return error_of(ErrorCode::input, [&] { list_works(data, split, {}); }); };
  CHECK(message(Split::gallery) ==
        "dataset \"shop\" has no gallery items: nothing to embed; check the roles and splits of its sources");
  CHECK(message(Split::queries) ==
        "dataset \"shop\" has no queries: nothing to embed; check the roles and splits of its sources");
  CHECK(message(Split::all) ==
        "dataset \"shop\" has no items: nothing to embed; check the roles and splits of its sources");
  data.queries = {item("q")};
  CHECK(ids(list_works(data, Split::all, {}).works) == "qq ");
}

TEST_CASE("Shards share the fingerprint of the whole listing, but not that of their source", "[listing]") {
  const auto data = shop();
  const auto whole = list_works(data, Split::all, {}), first = list_works(data, Split::all, {1, 2}),
             second = list_works(data, Split::all, {2, 2});
  CHECK(first.whole == whole.whole);
  CHECK(second.whole == whole.whole);
  CHECK(first.source != second.source);
  CHECK(first.source != whole.source);
  CHECK(list_works(data, Split::all, {}).source == whole.source);
}

TEST_CASE("The source changes with whatever is known of an item without reading it", "[listing]") {
  const test::Scratch scratch;
  const auto photo = scratch.write("a.jpg", "1234");
  dataset::Dataset data{"shop", "", {item("a", photo.string())}, {}, {}};
  const auto before = list_works(data, Split::gallery, {});
  SECTION("the size of its file") { scratch.write("a.jpg", "12345"); }
  SECTION("the time of change of its file") {
    fs::last_write_time(photo, fs::last_write_time(photo) - std::chrono::hours(1));
  }
  SECTION("its label") { data.gallery[0].label = "tea"; }
  SECTION("its view") { data.gallery[0].view = "2"; }
  SECTION("its category") { data.gallery[0].category = "drinks"; }
  const auto after = list_works(data, Split::gallery, {});
  CHECK(after.source != before.source);
  CHECK((after.whole != before.whole) == (data.gallery[0].label == "tea"));
}

TEST_CASE("The same items in another role are another listing", "[listing]") {
  auto data = shop();
  const auto gallery = list_works(data, Split::gallery, {});
  std::swap(data.gallery, data.queries);
  const auto queries = list_works(data, Split::queries, {});
  CHECK(gallery.whole != queries.whole);
  CHECK(gallery.source != queries.source);
}

TEST_CASE("A photo that is exchanged in place is noticed, also with its old size and time", "[listing]") {
  const test::Scratch scratch;
  const auto photo = scratch.write("1.jpg", "tea");
  const dataset::Dataset data{"shop", "", {item("g", photo.string())}, {}, {}};
  const auto before = list_works(data, Split::all, {}).source;
  CHECK(list_works(data, Split::all, {}).source == before);
  const auto time = fs::last_write_time(photo);
  fs::remove(photo);
  scratch.write("1.jpg", "jam");
  fs::last_write_time(photo, time);
  CHECK(list_works(data, Split::all, {}).source != before);
}
