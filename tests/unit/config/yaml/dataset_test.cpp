#include "matcher/config/yaml/dataset.hpp"
#include "unit/config/surroundings.hpp"

namespace matcher::config {
namespace {

using test::Variable;

std::string usage_error(const std::string& text) {
  return test::error_of(ErrorCode::usage, [&] { parse_dataset(text, "shelf/dataset.yaml"); });
}

TEST_CASE("every key of a dataset is read") {
  const Variable unset("MATCHER_TEST_ROOT", nullptr);
  const auto description = parse_dataset(R"(name: demo
description: Photos of made-up products
root: ${MATCHER_TEST_ROOT:-demo-photos}
get: matcher-demo-photos --output demo-photos
protocol: shop photos against shelf photos
sources:
  - csv: items.csv
    columns: {path: photo, label: 2}
    header: true
    trim: false
    image_root: photos
    roles: {gallery: [shelf, store], queries: [shop]}
  - folder: more
    split: shelf
labels:
  csv: labels.csv
  header: false
  columns: {label: 1, name: 2, category: 3}
)",
                                         "shelf/dataset.yaml");
  CHECK(description.name == "demo");
  CHECK(description.description == "Photos of made-up products");
  CHECK(description.root == "demo-photos");
  CHECK(description.get == "matcher-demo-photos --output demo-photos");
  CHECK(description.protocol == "shop photos against shelf photos");
  CHECK(description.origin == "shelf/dataset.yaml");
  REQUIRE(description.sources.size() == 2);
  const auto& csv = description.sources[0];
  CHECK(csv.path == "items.csv");
  CHECK(csv.columns == std::map<std::string, std::string>{{"path", "photo"}, {"label", "2"}});
  CHECK(csv.header);
  CHECK_FALSE(csv.trim);
  CHECK(csv.image_root == "photos");
  CHECK(csv.roles.at(Role::gallery) == std::vector<std::string>{"shelf", "store"});
  CHECK(csv.roles.at(Role::queries) == std::vector<std::string>{"shop"});
  CHECK(description.sources[1].path == "more");
  CHECK(description.sources[1].split == "shelf");
  CHECK(description.sources[1].roles.empty());
  CHECK(description.labels_csv == "labels.csv");
  CHECK_FALSE(description.labels_header);
  CHECK(description.label_columns.at("category") == "3");
}

TEST_CASE("a dataset without a name is called as its folder or file") {
  const auto* text = "sources: [{folder: .}]\n";
  CHECK(parse_dataset(text, "datasets/shelf/dataset.yaml").name == "shelf");
  CHECK(parse_dataset(text, "datasets/shelf/shelf-catalogue.yaml").name == "shelf-catalogue");
}

TEST_CASE("a dataset of the wrong shape is refused with its line") {
  const std::string file = "shelf/dataset.yaml";
  CHECK(usage_error("name: x\n") ==
        file + ":1: \"sources\" is missing. List at least one coco or tar or jsonl or csv or folder");
  CHECK(usage_error("sources:\n  - split: x\n") ==
        file + ":2: a source needs either coco or tar or jsonl or csv or folder");
  CHECK(usage_error("sources:\n  - {csv: a.csv, folder: b}\n") ==
        file + ":2: a source needs either coco or tar or jsonl or csv or folder");
  CHECK(usage_error("sources:\n  - csv: a.csv\n    colums: {path: 1}\n") ==
        file + ":3: unknown key \"colums\"; did you mean \"columns\"?");
  CHECK(usage_error("sources:\n  - csv: a.csv\n    columns: {labels: 1}\n") ==
        file + ":3: unknown key \"labels\"; did you mean \"label\"?");
  CHECK(usage_error("sources:\n  - csv: a.csv\n    roles: {querie: [x]}\n") ==
        file + ":3: unknown key \"querie\"; did you mean \"queries\"?");
  CHECK(usage_error("sources: [{folder: .}]\nlabels: {header: true}\n") ==
        file + ":2: \"labels\" needs csv, the file with the names of the labels");
  CHECK(usage_error("sources: items.csv\n") ==
        file + ":1: \"sources\" must be a list such as [a, b], not \"items.csv\"");
}

}  // namespace
}  // namespace matcher::config
