#include "matcher/pipeline/search/self_match.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/measuring/photo_scores.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using pipeline::Rows;
using test::item;

namespace {

/// 2-d unit vectors at right angles to each other, or equal, by the first letter of the id.
pipeline::VectorSet set_of(std::vector<store::ItemRow> items) {
  pipeline::VectorSet set;
  set.unit = Matrix(items.size(), 2);
  for (std::size_t i = 0; i < items.size(); ++i) set.unit.row(i)[items[i].id[0] == 'x' ? 1 : 0] = 1;
  set.items = std::move(items);
  return set;
}

}  // namespace

TEST_CASE("A gallery row is the query itself by its id or by its bytes, and counts once", "[self-match]") {
  const std::vector gallery{item("a", "tea", "gallery", "1"), item("b", "tea", "gallery", "2"),
                            item("c", "tea", "gallery", "1"), item("a", "milk", "gallery", "3")};
  const pipeline::SelfMatch self(gallery);
  CHECK(self.rows(item("a", "", "queries", "1")) == Rows{0, 2, 3});
  CHECK(self.rows(item("b", "", "queries", "2")) == Rows{1});
  CHECK(self.rows(item("z", "", "queries", "1")) == Rows{0, 2});
  CHECK(self.rows(item("z", "", "queries", "9")).empty());
}

TEST_CASE("Items without an id or without bytes match nothing", "[self-match]") {
  auto bare = item("a");
  bare.id.clear();
  bare.content_hash.clear();
  const std::vector gallery{bare, bare};
  CHECK(pipeline::SelfMatch(gallery).rows(bare).empty());
}

TEST_CASE("An answer never contains the query itself, and counts what it leaves out", "[self-match]") {
  const auto gallery = set_of({item("a", "tea", "gallery", "1"), item("b", "tea", "gallery", "2"),
                               item("x", "milk", "gallery", "3"), item("c", "tea", "gallery", "1")});
  const auto ids = pipeline::ids_of(gallery.items);
  const auto index = index::exact_search(gallery.unit.view(), ids);
  const auto queries = set_of({item("a", "tea", "queries", "1"), item("q", "milk", "queries", "9")});
  const auto answers = answer_all({gallery.items, index.get()}, queries, 3);
  CHECK(answers.self_matches == 2);
  const auto& own = answers.queries[0];
  REQUIRE(own.answers.size() == 2);
  CHECK(own.answers[0].id == "b");
  CHECK(own.answers[1].id == "x");
  CHECK(own.relevant == 1);
  CHECK(own.details->copy == "c");
  const auto& other = answers.queries[1];
  CHECK(other.answers.size() == 3);
  CHECK(other.details->copy.empty());
  CHECK(other.relevant == 1);
  CHECK(other.details->right_id == "x");
}

TEST_CASE("A query whose only product photo is itself has no correct answer", "[self-match]") {
  const auto gallery = set_of({item("a", "tea", "gallery", "1"), item("x", "milk", "gallery", "2")});
  const auto ids = pipeline::ids_of(gallery.items);
  const auto index = index::exact_search(gallery.unit.view(), ids);
  const auto answers = answer_all({gallery.items, index.get()}, set_of({item("a", "tea", "queries", "1")}), 5);
  CHECK(answers.queries[0].relevant == 0);
  CHECK_FALSE(answers.queries[0].known());
  CHECK(answers.queries[0].answers.size() == 1);
}

TEST_CASE("Photos are grouped by product, and a photo that is the query itself is listed once", "[self-match]") {
  const auto photos = group_photos(
      set_of({item("b", "tea", "gallery", "2"), item("a", "milk", "gallery", "1"), item("c", "tea", "gallery", "3"),
              item("n", "", "gallery", "4")}),
      set_of({item("a", "milk", "queries", "1"), item("q", "tea", "queries", "3"), item("u", "jam", "queries", "5")}));
  CHECK(photos.labels == std::vector<std::string>{"milk", "tea"});
  CHECK(photos.of_gallery == eval::PhotoGroups{{1}, {0, 2}});
  CHECK(photos.of_queries == eval::PhotoGroups{{}, {1}});
  CHECK(photos.self == std::vector<Rows>{{1}, {2}, {}});
  CHECK(photos.known == 1);
}
