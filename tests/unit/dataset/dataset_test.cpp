#include "matcher/dataset/dataset.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;
using test::Scratch;

Source csv(const std::string& name, const std::string& split = "") {
  Source source;
  source.format = "csv";
  source.path = name;
  source.split = split;
  return source;
}

Description describe(const Scratch& scratch, std::vector<Source> sources) {
  Description description;
  description.name = "shelf";
  description.root = scratch.path().string();
  description.sources = std::move(sources);
  return description;
}

TEST_CASE("without roles the usual names of splits give the roles; items without a split are gallery") {
  const Scratch scratch;
  for (const std::string queries : {"queries", "query", "probe", "test", "val", "validation"}) {
    for (const std::string gallery : {"gallery", "index", "train"}) {
      scratch.write("items.csv", "path,split\n1.jpg," + queries + "\n2.jpg," + gallery + "\n3.jpg,\n");
      const auto dataset = load(describe(scratch, {csv("items.csv")}));
      REQUIRE(dataset.queries.size() == 1);
      CHECK(dataset.queries[0].id == "1.jpg");
      CHECK(dataset.gallery.size() == 2);
      CHECK(dataset.warnings.empty());
    }
  }
}

TEST_CASE("a split with an unknown name is an error with the known ones") {
  const Scratch scratch;
  scratch.write("items.csv", "path,split\n1.jpg,gallery\n2.jpg,holdout\n");
  CHECK(error_of(ErrorCode::input, [&] { load(describe(scratch, {csv("items.csv")})); }) ==
        (scratch / "items.csv").string() +
            ":3: unknown split \"holdout\". Use gallery, index or train for the gallery, and queries, query, probe, "
            "test, "
            "val or validation for the queries, or name the splits under roles in a dataset.yaml");
}

TEST_CASE("of two splits of one role the more specific one is used, and the other is named") {
  const Scratch scratch;
  scratch.write("items.csv", "path,split\n1.jpg,train\n2.jpg,val\n3.jpg,val\n4.jpg,test\n");
  const auto dataset = load(describe(scratch, {csv("items.csv")}));
  REQUIRE(dataset.queries.size() == 1);
  CHECK(dataset.queries[0].id == "4.jpg");
  REQUIRE(dataset.warnings.size() == 1);
  CHECK(dataset.warnings[0] ==
        "2 items of the split \"val\" are not used: \"test\" has the queries. To use other splits, "
        "name them under roles in a dataset.yaml");
}

TEST_CASE("labels that look alike are named, and joined on request") {
  const Scratch scratch;
  scratch.write("items.csv", "path,label\n1.jpg,Jam\n2.jpg,jam\n3.jpg,tea\n");
  auto description = describe(scratch, {csv("items.csv")});
  const auto apart = load(description);
  CHECK(apart.gallery[1].label == "jam");
  REQUIRE(apart.warnings.size() == 1);
  CHECK(apart.warnings[0] ==
        "1 label of the gallery looks like another, but counts as a product of its own: \"jam\" of "
        "the gallery and \"Jam\" of the gallery differ in capitals. To join them, add "
        "--fold-labels");
  description.fold_labels = true;
  const auto joined = load(description);
  CHECK(joined.gallery[0].label == "Jam");
  CHECK(joined.gallery[1].label == "Jam");
  CHECK(joined.gallery[2].label == "tea");
  CHECK(joined.warnings ==
        std::vector<std::string>{"1 label is joined with one that looks the same, such as \"jam\" with \"Jam\""});
}

TEST_CASE("capitals of the usual splits do not matter") {
  const Scratch scratch;
  scratch.write("items.csv", "path,split\n1.jpg,Gallery\n2.jpg,Query\n3.jpg,QUERIES\n");
  const auto dataset = load(describe(scratch, {csv("items.csv")}));
  CHECK(dataset.queries.size() == 2);
  CHECK(dataset.gallery.size() == 1);
}

TEST_CASE("roles choose splits and leave the others out") {
  const Scratch scratch;
  scratch.write("items.csv", "path,split\n1.jpg,shop\n2.jpg,shelf\n3.jpg,val\n");
  auto source = csv("items.csv");
  source.roles = {{Role::gallery, {"shelf"}}, {Role::queries, {"shop"}}};
  const auto dataset = load(describe(scratch, {source}));
  REQUIRE(dataset.gallery.size() == 1);
  REQUIRE(dataset.queries.size() == 1);
  CHECK(dataset.gallery[0].id == "2.jpg");
  CHECK(dataset.queries[0].id == "1.jpg");
}

TEST_CASE("one photo may play both roles under one id") {
  const Scratch scratch;
  scratch.write("items.csv", "path,split\n1.jpg,all\n2.jpg,all\n");
  auto source = csv("items.csv");
  source.roles = {{Role::gallery, {"all"}}, {Role::queries, {"all"}}};
  const auto dataset = load(describe(scratch, {source}));
  CHECK(dataset.gallery.size() == 2);
  CHECK(dataset.queries[1].id == dataset.gallery[1].id);
}

TEST_CASE("a split that nothing has is an error with the nearest") {
  const Scratch scratch;
  scratch.write("items.csv", "path,split\n1.jpg,train\n2.jpg,test\n");
  auto source = csv("items.csv");
  source.roles = {{Role::gallery, {"train"}}, {Role::queries, {"tesst"}}};
  CHECK(error_of(ErrorCode::input, [&] { load(describe(scratch, {source})); }) ==
        "dataset \"shelf\": no item of items.csv has the split \"tesst\"; did you mean \"test\"?");
}

TEST_CASE("several sources come one after the other") {
  const Scratch scratch;
  scratch.write("a.csv", "path\n1.jpg\n2.jpg\n");
  scratch.write("b.csv", "path\n3.jpg\n");
  scratch.write("q.csv", "path\n1.jpg\n");
  const auto dataset = load(describe(scratch, {csv("a.csv"), csv("b.csv"), csv("q.csv", "queries")}));
  REQUIRE(dataset.gallery.size() == 3);
  CHECK(dataset.gallery[2].id == "3.jpg");
  REQUIRE(dataset.queries.size() == 1);
  CHECK(dataset.queries[0].split == "queries");
}

TEST_CASE("an id that two sources use is an error with both files") {
  const Scratch scratch;
  const auto first = scratch.write("a.csv", "path\n1.jpg\n").string();
  const auto second = scratch.write("b.csv", "path\n1.jpg\n").string();
  CHECK(error_of(ErrorCode::input, [&] {
          load(describe(scratch, {csv("a.csv"), csv("b.csv")}));
        }) == second + ":2: " + first + ":2 already uses the id \"1.jpg\". An id must be unique within the gallery");
}

TEST_CASE("a missing root or manifest says how to get it") {
  const Scratch scratch;
  auto description = describe(scratch, {csv("items.csv")});
  description.get = "fetch shelf";
  CHECK(error_of(ErrorCode::input, [&] { load(description); }) ==
        "dataset \"shelf\": \"" + (scratch / "items.csv").string() + "\" does not exist. Fetch it: fetch shelf");
  description.root = (scratch / "away").string();
  CHECK(error_of(ErrorCode::input, [&] { load(description); }) ==
        "dataset \"shelf\": \"" + (scratch / "away").string() + "\" does not exist. Fetch it: fetch shelf");
  description.get.clear();
  CHECK(error_of(ErrorCode::input, [&] { load(description); }) ==
        "dataset \"shelf\": \"" + (scratch / "away").string() + "\" does not exist");
}

TEST_CASE("a file of labels brings names, and categories where items have none") {
  const Scratch scratch;
  scratch.write("items.csv", "path,label,category\n1.jpg,7,\n2.jpg,8,mine\n3.jpg,9,\n");
  scratch.write("labels.csv", "id,title,kind\n7,Green tea,tea\n8,Black tea,tea\n");
  auto description = describe(scratch, {csv("items.csv")});
  description.labels_csv = "labels.csv";
  description.label_columns = {{"label", "id"}, {"name", "title"}, {"category", "kind"}};
  const auto dataset = load(description);
  CHECK(dataset.label_names == std::map<std::string, std::string>{{"7", "Green tea"}, {"8", "Black tea"}});
  CHECK(dataset.gallery[0].category == "tea");
  CHECK(dataset.gallery[1].category == "mine");
  CHECK(dataset.gallery[2].category.empty());
}

TEST_CASE("a file of labels needs a column with the label") {
  const Scratch scratch;
  scratch.write("items.csv", "path\n1.jpg\n");
  const auto labels = scratch.write("labels.csv", "labels,name\n7,Green tea\n").string();
  auto description = describe(scratch, {csv("items.csv")});
  description.labels_csv = "labels.csv";
  CHECK(error_of(ErrorCode::input, [&] { load(description); }) ==
        labels + ":1: no column \"label\". The columns are: labels, name; did you mean \"labels\"?");
}

TEST_CASE("labels that only queries have are listed once, sorted") {
  Dataset dataset;
  const auto labelled = [](const char* label) { return Item{"", "", label, "", "", "", ""}; };
  dataset.gallery = {labelled("tea")};
  dataset.queries = {labelled("milk"), labelled("tea"), labelled("juice"), labelled("milk"), labelled("")};
  CHECK(labels_without_gallery(dataset) == std::vector<std::string>{"juice", "milk"});
}

}  // namespace
}  // namespace matcher::dataset
