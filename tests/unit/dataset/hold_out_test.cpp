#include "matcher/dataset/hold_out.hpp"

#include <algorithm>

#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;

/// `labels[i]` images of label i.
Dataset shop(const std::vector<std::size_t>& labels) {
  Dataset data{"shop", "", {}, {}, {}, {}};
  for (std::size_t label = 0; label < labels.size(); ++label) {
    for (std::size_t i = 0; i < labels[label]; ++i) {
      Item item;
      item.label = std::to_string(label);
      item.id = item.path = item.label.text() + "/" + std::to_string(i) + ".jpg";
      data.gallery.push_back(item);
    }
  }
  return data;
}

std::size_t count(const std::vector<Item>& items, const std::string& label) {
  return std::size_t(std::ranges::count(items, SharedText(label), &Item::label));
}

std::vector<std::string> ids(const std::vector<Item>& items) {
  std::vector<std::string> all;
  for (const auto& item : items) all.push_back(item.id);
  return all;
}

Dataset held_out(const std::vector<std::size_t>& labels, const std::string& rule) {
  auto data = shop(labels);
  apply(parse_hold_out(rule), data);
  return data;
}

TEST_CASE("N per label leaves labels alone that have no more") {
  const auto data = held_out({5, 2, 1}, "2-per-label");
  CHECK(data.queries.size() == 2);
  CHECK(count(data.queries, "0") == 2);
  CHECK(data.gallery.size() == 6);
  CHECK(data.protocol == "2-per-label held out");
}

TEST_CASE("a share is at least one image of each label, and never all") {
  const auto data = held_out({10, 2, 1}, "20%");
  CHECK(count(data.queries, "0") == 2);
  CHECK(count(data.queries, "1") == 1);
  CHECK(count(data.queries, "2") == 0);
  CHECK(count(held_out({2}, "99%").gallery, "0") == 1);
}

TEST_CASE("leave-one-out keeps every image on both sides") {
  const auto data = held_out({2, 1}, "leave-one-out");
  CHECK(ids(data.queries) == ids(data.gallery));
  CHECK(data.queries.size() == 3);
  CHECK(data.protocol == "leave-one-out");
}

TEST_CASE("the choice depends on ids alone, not on their order or on other labels") {
  auto a = shop({6, 6}), b = shop({6, 6, 3});
  std::ranges::reverse(b.gallery);
  apply(parse_hold_out("2-per-label"), a);
  apply(parse_hold_out("2-per-label"), b);
  auto of_a = ids(a.queries), of_b = ids(b.queries);
  std::erase_if(of_b, [](const auto& id) { return id.starts_with("2/"); });
  std::ranges::sort(of_a);
  std::ranges::sort(of_b);
  CHECK(of_a == of_b);
}

TEST_CASE("nothing is held out of a dataset with queries, or without two images of a label") {
  auto data = shop({3});
  data.queries = data.gallery;
  CHECK(error_of(ErrorCode::usage, [&] { apply(parse_hold_out("20%"), data); }) ==
        "dataset \"shop\" has 3 queries, so none are held out. Leave --hold-out 20% out");
  CHECK(error_of(ErrorCode::input, [] {
          held_out({1, 1}, "1-per-label");
        }) == "--hold-out 1-per-label leaves no queries: no label of \"shop\" has 2 or more images");
  CHECK(error_of(ErrorCode::input, [] {
          held_out({1, 1}, "leave-one-out");
        }) == "--hold-out leave-one-out leaves no queries: no label of \"shop\" has 2 or more images");
}

TEST_CASE("other rules are refused") {
  for (const std::string rule :
       {"", "20", "0%", "100%", "nan%", "0-per-label", "x-per-label", "-1-per-label", "%", "one"}) {
    CHECK(error_of(ErrorCode::usage, [&] { parse_hold_out(rule); }) ==
          "--hold-out must be N-per-label, a share such as 20%, or leave-one-out, not \"" + rule + "\"");
  }
}

TEST_CASE("photos of one group stay on one side") {
  auto data = shop({6, 4});
  for (std::size_t i = 0; i < 6; ++i) data.gallery[i].group = i < 3 ? "morning" : "evening";
  for (std::size_t i = 6; i < 10; ++i) data.gallery[i].group = "morning";  // one series: nothing can be held out
  apply(parse_hold_out("20%"), data);
  REQUIRE(data.queries.size() == 3);
  CHECK(count(data.gallery, "0") == 3);
  CHECK(count(data.gallery, "1") == 4);
  for (const auto& query : data.queries) CHECK(query.group == data.queries[0].group);
  CHECK(std::ranges::none_of(
      data.gallery, [&](const Item& item) { return item.label == "0" && item.group == data.queries[0].group; }));
}

}  // namespace
}  // namespace matcher::dataset
