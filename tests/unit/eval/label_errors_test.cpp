#include "matcher/eval/label_errors.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "matcher/eval/hubs.hpp"
#include "matcher/eval/inseparable.hpp"

using namespace matcher::eval;
using Catch::Matchers::WithinAbs;

namespace {

/// `products` groups of `photos`: a photo is near all others of its group, then near all of the next ones.
Neighbours groups(std::uint32_t products, std::uint32_t photos) {
  const auto count = products * photos;
  Neighbours all(count);
  for (std::uint32_t row = 0; row < count; ++row) {
    for (std::uint32_t step = 0; step < products; ++step) {
      const auto group = (row / photos + step) % products;
      for (std::uint32_t i = 0; i < photos; ++i)
        if (const auto other = group * photos + i; other != row) all[row].push_back({other, 0.9F - 0.1F * float(step)});
    }
  }
  return all;
}

std::vector<std::uint32_t> labels_of(std::uint32_t products, std::uint32_t photos) {
  std::vector<std::uint32_t> labels;
  for (std::uint32_t row = 0; row < products * photos; ++row) labels.push_back(row / photos);
  return labels;
}

}  // namespace

TEST_CASE("a photo with another product's neighbours is the most doubtful, and its product is suggested") {
  const auto neighbours = groups(4, 12);
  auto labels = labels_of(4, 12);
  labels[5] = 2;
  const auto doubts = find_label_errors(neighbours, labels);
  REQUIRE(doubts.size() == 48);
  CHECK(doubts[0].row == 5);
  CHECK(doubts[0].suggested == 0);
  CHECK_THAT(doubts[0].margin, WithinAbs(0.2, 1e-6));  // 0.9 to its group, 0.7 to group 2
  CHECK(doubts[0].own == 0);
  CHECK(doubts[0].seen == 10);
  CHECK(doubts[0].likely);
  CHECK(doubts[0].p < 1e-3);
  for (std::size_t i = 1; i < doubts.size(); ++i) {
    CHECK(doubts[i].margin < 0);
    CHECK(!doubts[i].likely);
  }
}

TEST_CASE("a product with one photo has no evidence, and one with two has that of one neighbour") {
  const auto neighbours = groups(3, 3);
  const std::vector<std::uint32_t> labels{0, 0, 1, 2, 2, 2, no_label, 3, 3};
  const auto doubts = find_label_errors(neighbours, labels);
  std::size_t seen_rows = 0;
  for (const auto& doubt : doubts) {
    CHECK(doubt.row != 2);  // the only photo of product 1
    CHECK(doubt.row != 6);  // no label
    if (doubt.row == 0) CHECK(doubt.seen == 1);
    ++seen_rows;
  }
  CHECK(seen_rows == 7);
}

TEST_CASE("a photo near many photos of other products is a hub") {
  auto neighbours = groups(10, 12);
  const auto labels = labels_of(10, 12);
  for (std::uint32_t row = 12; row < 120; ++row) neighbours[row].insert(neighbours[row].begin(), {0, 0.95F});
  const auto hubs = find_hubs(neighbours, labels);
  REQUIRE(hubs.size() == 1);
  CHECK(hubs[0].row == 0);
  CHECK(hubs[0].wrong == 108);
  CHECK(hubs[0].answers >= 108);
  CHECK(find_hubs(groups(10, 12), labels).empty());
}

TEST_CASE("one product under two labels at random cannot be told apart, two products can") {
  const auto neighbours = groups(3, 12);
  auto labels = labels_of(3, 12);
  CHECK(find_inseparable(neighbours, labels).empty());
  // Group 0 gets the labels 0 and 3 in turn; the neighbours of its photos are in the order of the rows.
  for (std::uint32_t row = 0; row < 12; row += 2) labels[row] = 3;
  const auto pairs = find_inseparable(neighbours, labels);
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].a == 0);
  CHECK(pairs[0].b == 3);
  CHECK(pairs[0].items == 12);
  CHECK_THAT(pairs[0].expected, WithinAbs(12 * 5.0 / 11, 1e-9));
  CHECK(pairs[0].own <= 6);
  CHECK(pairs[0].p > 0.05);
}

TEST_CASE("without neighbours nothing is concluded") {
  CHECK(find_label_errors({}, {}).empty());
  CHECK(find_hubs({}, {}).empty());
  CHECK(find_inseparable({}, {}).empty());
  const Neighbours alone(1);
  const std::vector<std::uint32_t> label{0};
  CHECK(find_label_errors(alone, label).empty());
  CHECK(find_hubs(alone, label).empty());
}
