// The shipped description of the Grocery Store Dataset against the photos, where they are.
#include <algorithm>
#include <set>

#include "matcher/config/datasets.hpp"
#include "unit/config/surroundings.hpp"

namespace matcher::config {
namespace {

const fs::path descriptions = fs::path(MATCHER_TEST_DATA) / "../../datasets/grocery-store";

dataset::Dataset load_shipped(const char* file) {
  if (!std::getenv("GROCERY_STORE_ROOT")) SKIP("set GROCERY_STORE_ROOT to the folder that holds train.txt");
  return dataset::load(find_dataset((descriptions / file).string(), {}));
}

std::set<std::string> labels_of(const std::vector<dataset::Item>& items) {
  std::set<std::string> labels;
  for (const auto& item : items) labels.insert(item.label);
  return labels;
}

bool all_there(const std::vector<dataset::Item>& items) {
  return std::all_of(items.begin(), items.end(), [](auto& item) { return fs::is_regular_file(item.path); });
}

TEST_CASE("the grocery store is 2640 train photos and 2485 test photos of 81 products") {
  const auto store = load_shipped("dataset.yaml");
  CHECK(store.gallery.size() == 2640);
  CHECK(store.queries.size() == 2485);
  CHECK(labels_of(store.gallery).size() == 81);
  CHECK(labels_without_gallery(store).empty());
  CHECK(store.label_names.size() == 81);
  CHECK(store.label_names.at("0") == "Golden-Delicious");
  CHECK(store.gallery[0].id == "train/Fruit/Apple/Golden-Delicious/Golden-Delicious_001.jpg");
  CHECK(store.gallery[0].category == "Apple");
  CHECK(all_there(store.gallery));
  CHECK(all_there(store.queries));
}

TEST_CASE("its catalogue is 81 pictures, one a product") {
  const auto store = load_shipped("grocery-store-catalogue.yaml");
  CHECK(store.gallery.size() == 81);
  CHECK(store.queries.size() == 2485);
  CHECK(labels_of(store.gallery).size() == 81);
  CHECK(labels_without_gallery(store).empty());
  CHECK(store.queries[0].category == "Apple");
  CHECK(all_there(store.gallery));
}

TEST_CASE("a store that is not there says how to get it") {
  const test::Scratch scratch;
  const test::Variable root("GROCERY_STORE_ROOT", scratch / "away");
  CHECK(
      test::error_of(ErrorCode::input, [] { load_shipped("dataset.yaml"); }) ==
      "dataset \"grocery-store\": \"" + (scratch / "away").string() +
          "\" does not exist. Fetch it: git clone https://github.com/marcusklasson/GroceryStoreDataset grocery-store");
}

}  // namespace
}  // namespace matcher::config
