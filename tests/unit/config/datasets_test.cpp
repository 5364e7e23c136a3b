#include "matcher/config/datasets.hpp"

#include "unit/config/surroundings.hpp"

namespace matcher::config {
namespace {

using test::CurrentFolder;
using test::error_of;
using test::Scratch;

constexpr auto sources = "sources: [{folder: .}]\n";

/// Places with the dataset `shelf`, whose root is as written.
Places shelf(const Scratch& scratch, const std::string& root = "") {
  scratch.write("datasets/shelf/dataset.yaml", sources + (root.empty() ? "" : "root: " + root + "\n"));
  return {folders_inside("work"), {}, {scratch / "datasets"}};
}

TEST_CASE("datasets are found by the name of their folder or file") {
  const Scratch scratch;
  const auto places = shelf(scratch);
  scratch.write("datasets/shelf/shelf-catalogue.yaml", sources);
  CHECK(find_dataset("shelf", places).name == "shelf");
  CHECK(find_dataset("shelf-catalogue", places).name == "shelf-catalogue");
}

TEST_CASE("the root of a dataset found by name is in the current folder, else beside its YAML") {
  const Scratch scratch;
  const auto places = shelf(scratch, "photos");
  fs::create_directories(scratch / "here");
  const CurrentFolder here(scratch / "here");
  CHECK(find_dataset("shelf", places).root == scratch / "here/photos");
  fs::create_directories(scratch / "datasets/shelf/photos");
  CHECK(find_dataset("shelf", places).root == scratch / "datasets/shelf/photos");
  fs::create_directories("photos");
  CHECK(find_dataset("shelf", places).root == scratch / "here/photos");
}

TEST_CASE("the root of a dataset given by path is beside its YAML, else in the current folder") {
  const Scratch scratch;
  const auto places = shelf(scratch, "photos");
  const auto yaml = (scratch / "datasets/shelf/dataset.yaml").string();
  fs::create_directories(scratch / "here");
  const CurrentFolder here(scratch / "here");
  CHECK(find_dataset(yaml, places).root == scratch / "datasets/shelf/photos");
  fs::create_directories("photos");
  CHECK(find_dataset(yaml, places).root == scratch / "here/photos");
  fs::create_directories(scratch / "datasets/shelf/photos");
  CHECK(find_dataset(yaml, places).root == scratch / "datasets/shelf/photos");
}

TEST_CASE("no root, and one that begins with a dot, are beside the YAML") {
  const Scratch scratch;
  fs::create_directories(scratch / "here/photos");
  const CurrentFolder here(scratch / "here");
  CHECK(find_dataset("shelf", shelf(scratch)).root == (scratch / "datasets/shelf/").string());
  CHECK(find_dataset("shelf", shelf(scratch, "./photos")).root == scratch / "datasets/shelf/photos");
  CHECK(find_dataset("shelf", shelf(scratch, "../photos")).root == scratch / "datasets/photos");
  CHECK(find_dataset("shelf", shelf(scratch, "/photos")).root == "/photos");
}

TEST_CASE("a dataset may be a YAML, a folder with one, a folder of photos, or a CSV") {
  const Scratch scratch;
  const auto places = shelf(scratch);
  scratch.write("photos/tea/1.jpg");
  scratch.write("made/items.csv", "path,label\n1.jpg,7\n");
  scratch.write("made/labels.csv", "label,name\n7,Tea\n");
  CHECK(find_dataset((scratch / "datasets/shelf/dataset.yaml").string(), places).name == "shelf");
  CHECK(find_dataset((scratch / "datasets/shelf").string(), places).name == "shelf");
  CHECK(find_dataset((scratch / "photos").string(), places).sources[0].path == ".");
  CHECK(find_dataset((scratch / "made/items.csv").string(), places).name == "items");
  const auto made = find_dataset((scratch / "made").string() + "/", places);
  CHECK(made.name == "made");
  CHECK(dataset::load(made).label_names.at("7") == "Tea");
}

TEST_CASE("a dataset.yaml in the current folder needs no ./") {
  const Scratch scratch;
  const CurrentFolder here(scratch.path());
  for (const auto* root : {"", "root:\n", "root: .\n"}) {
    scratch.write("dataset.yaml", std::string(root) + sources);
    scratch.write("tea/1.jpg");
    CHECK(dataset::load(find_dataset("dataset.yaml", {})).gallery.size() == 1);
  }
}

TEST_CASE("a name goes before a folder of the same name") {
  const Scratch scratch;
  const auto places = shelf(scratch);
  const CurrentFolder here(scratch.path());
  scratch.write("shelf/tea/1.jpg");
  CHECK(find_dataset("shelf", places).origin == (scratch / "datasets/shelf/dataset.yaml").string());
  CHECK(find_dataset("./shelf", places).root == scratch / "shelf");
}

TEST_CASE("an unknown name and a path to nothing are told apart") {
  const Scratch scratch;
  const auto places = shelf(scratch);
  CHECK(error_of(ErrorCode::usage, [&] { find_dataset("shelv", places); }) ==
        "unknown dataset \"shelv\"; did you mean \"shelf\"? (or give the path of a dataset.yaml, a CSV or a folder)");
  CHECK(error_of(ErrorCode::input, [&] { find_dataset("no/shelf", places); }) ==
        "\"no/shelf\" does not exist. Give a name, or the path of a dataset.yaml, a CSV or a folder");
}

TEST_CASE("a dataset must have the name it is found by") {
  const Scratch scratch;
  const auto places = shelf(scratch);
  const auto file = scratch.write("datasets/shelf/dataset.yaml", std::string("name: other\n") + sources).string();
  CHECK(error_of(ErrorCode::usage, [&] { find_dataset("shelf", places); }) ==
        file + ": the name is \"other\", but the file stands for \"shelf\". Make them the same");
}

}  // namespace
}  // namespace matcher::config
