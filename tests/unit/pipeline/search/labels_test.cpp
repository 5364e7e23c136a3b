#include "matcher/pipeline/search/labels.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using namespace matcher::pipeline;
using matcher::test::error_of;
using matcher::test::item;

namespace {

using Items = std::vector<store::ItemRow>;

}  // namespace

TEST_CASE("labels that all only look alike are refused, with two of the differences") {
  test::Listener observer;
  const Items gallery{item("1", "caf\xC3\xA9"), item("2", "Jam"), item("3", "")};
  const Items queries{item("4", "cafe\xCC\x81"), item("5", "jam"), item("6", "soap")};
  CHECK(
      error_of(ErrorCode::input, [&] { check_labels(observer, gallery, queries, "photos"); }) ==
      "none of the 3 queries of \"photos\" has a right answer in the gallery: \"cafe\xCC\x81\" of the queries and "
      "\"caf\xC3\xA9\" of the gallery differ in their Unicode form (NFD, NFC); \"jam\" and \"Jam\" in capitals. Write "
      "the labels alike on both sides, or join them with --fold-labels");
}

TEST_CASE("single labels that only look alike are a warning") {
  test::Listener observer;
  const Items gallery{item("1", "tea"), item("2", "Jam")},
      queries{item("4", "tea"), item("5", "jam"), item("6", "jam")};
  check_labels(observer, gallery, queries, "photos");
  CHECK(
      observer.messages ==
      std::vector<std::string>{"1 of the 2 labels of the queries of \"photos\" only look like a label of the gallery, "
                               "so their queries are unknown: \"jam\" of the queries and \"Jam\" of the gallery differ "
                               "in capitals. Write the labels alike on both sides, or join them with "
                               "--fold-labels"});
}

TEST_CASE("labels that differ or agree are no concern") {
  test::Listener observer;
  check_labels(observer, Items{item("1", "tea")}, Items{item("2", "tea"), item("3", "soap"), item("4", "")}, "photos");
  check_labels(observer, Items{item("1", "")}, Items{item("2", "soap")}, "photos");
  CHECK(observer.messages.empty());
}
