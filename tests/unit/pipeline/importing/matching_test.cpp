#include "matcher/pipeline/importing/matching.hpp"

#include "unit/core/scratch.hpp"

using matcher::ErrorCode;
using matcher::dataset::VectorItem;
using matcher::pipeline::Matching;
using matcher::store::ForeignBlock;
using matcher::test::error_of;

namespace {

std::vector<VectorItem> items_of(std::initializer_list<const char*> ids) {
  std::vector<VectorItem> items;
  for (const auto* id : ids) {
    VectorItem item;
    item.item.id = id;
    item.line = items.size() + 2;
    items.push_back(item);
  }
  return items;
}

ForeignBlock block_of(std::vector<std::string> ids, std::size_t rows) {
  ForeignBlock block;
  block.ids = std::move(ids);
  block.file = "v.jsonl";
  block.unit = "line";
  for (std::size_t i = 0; i < rows; ++i) block.numbers.push_back(i + 1);
  return block;
}

}  // namespace

TEST_CASE("vectors with ids find their items in any order") {
  const auto items = items_of({"a", "b"});
  Matching matching(items, "items.csv");
  const auto block = block_of({"b", "a"}, 2);
  CHECK(matching.find(block, 0).item.id == "b");
  CHECK_FALSE(matching.is_full());
  CHECK(error_of(ErrorCode::input, [&] { matching.check_complete(); }) ==
        "items.csv:2: no vector has the id \"a\" (1 of 2 items have none). Remove the rows, or add their vectors");
  CHECK(matching.find(block, 1).item.id == "a");
  CHECK(matching.by_id());
  CHECK(matching.is_full());
  CHECK_NOTHROW(matching.check_complete());
}

TEST_CASE("vectors without ids are matched by order") {
  const auto items = items_of({"a", "b"});
  Matching matching(items, "items.csv");
  const auto block = block_of({}, 2);
  CHECK(matching.find(block, 0).item.id == "a");
  CHECK(error_of(ErrorCode::input, [&] { matching.check_complete(); }) ==
        "\"items.csv\" has 2 items, but the number of vectors is 1. Without ids they are matched by order, so give one "
        "row per vector");
  CHECK(matching.find(block, 1).item.id == "b");
  CHECK_NOTHROW(matching.check_complete());
}

TEST_CASE("a vector without an item is refused with its place") {
  const auto items = items_of({"a", "b"});
  Matching matching(items, "items.csv");
  const auto block = block_of({"a", "a", "c"}, 3);
  matching.find(block, 0);
  const auto message = [&](std::size_t row) { return error_of(ErrorCode::input, [&] { matching.find(block, row); }); };
  CHECK(message(1) == "v.jsonl:2: the id \"a\" is used already by v.jsonl:1. Use each id once");
  CHECK(message(2) == "v.jsonl:3: the id \"c\" is not in \"items.csv\". Add its row, or remove the vector");
  CHECK(error_of(ErrorCode::input, [&] { matching.find(block_of({}, 1), 0); }) == "v.jsonl:1: it has no id");
}
