#include "matcher/pipeline/search/where.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using pipeline::choose_rows;
using pipeline::parse_conditions;
using Rows = std::vector<std::uint32_t>;
using Texts = std::vector<std::string>;

namespace {

std::vector<store::ItemRow> items() {
  std::vector<store::ItemRow> all{test::item("a", "Gala"), test::item("b", "Kiwi"), test::item("c", "Fuji")};
  all[0].category = all[2].category = "Apple";
  all[1].category = "Other fruit";
  all[2].split = "train";
  return all;
}

Rows rows(const Texts& where) { return choose_rows(items(), parse_conditions(where), "shelf").rows; }

std::string error(const Texts& where) {
  return test::error_of(ErrorCode::usage, [&] { rows(where); });
}

}  // namespace

TEST_CASE("rows have one of the values of each column", "[where]") {
  CHECK(rows({"category=Apple"}) == Rows{0, 2});
  CHECK(rows({"category=Other fruit"}) == Rows{1});
  CHECK(rows({"label=Kiwi", "label=Gala"}) == Rows{0, 1});
  CHECK(rows({"category=Apple", "split=train"}) == Rows{2});
  const auto filter =
      choose_rows(items(), parse_conditions(Texts{"label=Kiwi", "role=gallery", "label=Gala"}), "shelf");
  REQUIRE(filter.conditions.size() == 2);
  CHECK(filter.conditions[0].column == "label");
  CHECK(filter.conditions[0].values == Texts{"Kiwi", "Gala"});
}

TEST_CASE("an unknown column or value is refused with the known ones", "[where]") {
  const std::string columns =
      ". Their columns: id, label, path, category, split, role. A column that the dataset has now is there after the "
      "index is built again";
  CHECK(error({"brand=x"}) == "--where: the items of index \"shelf\" have no column \"brand\"" + columns);
  CHECK(error({"view=1"}) == "--where: the items of index \"shelf\" have no column \"view\"" + columns);
  CHECK(error({"category=Aple"}) ==
        "--where: no item of index \"shelf\" has the category \"Aple\". Did you mean \"Apple\"?");
  CHECK(error({"category=Vegetable"}) ==
        "--where: no item of index \"shelf\" has the category \"Vegetable\". Some of its 2 values: Apple, Other fruit");
  CHECK(error({"label=Kiwi", "category=Apple"}) ==
        "--where: no item of index \"shelf\" has label=Kiwi and category=Apple");
}

TEST_CASE("a condition is COLUMN=VALUE", "[where]") {
  for (const char* text : {"category", "=Apple", "category=", ""}) {
    CHECK(test::error_of(ErrorCode::usage, [&] { parse_conditions(Texts{text}); }) ==
          "--where must be COLUMN=VALUE, such as category=Apple, not \"" + std::string(text) + "\"");
  }
  CHECK(parse_conditions(Texts{"text=a=b"})[0].values == Texts{"a=b"});
}
