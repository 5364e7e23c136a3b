#include "matcher/dataset/describe_path.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;
using test::Scratch;

TEST_CASE("a CSV with a header is read by its header") {
  const Scratch scratch;
  const auto description = describe_path(scratch.write("shelf.csv", "label,path,split\n7,1.jpg,queries\n8,2.jpg,\n"));
  CHECK(description.name == "shelf");
  CHECK(description.root == scratch.path());
  const auto dataset = load(description);
  REQUIRE(dataset.queries.size() == 1);
  CHECK(dataset.queries[0].label == "7");
  CHECK(dataset.gallery[0].path == (scratch / "2.jpg").string());
}

TEST_CASE("a CSV without a header has path, label and category, as far as they go") {
  const Scratch scratch;
  const auto three = load(describe_path(scratch.write("three.csv", "1.jpg, 7, tea\n")));
  CHECK(three.gallery[0].label == "7");
  CHECK(three.gallery[0].category == "tea");
  CHECK(load(describe_path(scratch.write("one.csv", "1.jpg\n"))).gallery[0].label.empty());
}

TEST_CASE("a CSV without splits is all gallery") {
  const Scratch scratch;
  const auto dataset = load(describe_path(scratch.write("shelf.csv", "path,label\n1.jpg,7\n2.jpg,8\n")));
  CHECK(dataset.gallery.size() == 2);
  CHECK(dataset.queries.empty());
}

TEST_CASE("a header of other words is not taken for a photo") {
  const Scratch scratch;
  const auto csv = scratch.write("shelf.csv", "image,product\n1.jpg,7\n");
  CHECK(error_of(ErrorCode::input, [&] { describe_path(csv); }) ==
        csv.string() +
            ":1: no column is called \"path\", and \"image\" is not an image. Name the columns, for example "
            "--csv-columns path=image,label=product, or in a dataset.yaml");
  const auto labelled = scratch.write("labelled.csv", "image,label\n1.jpg,7\n");
  CHECK(error_of(ErrorCode::input, [&] {
          describe_path(labelled);
        }).ends_with("--csv-columns path=image, or in a dataset.yaml"));
}

TEST_CASE("columns of other words are named on the command line") {
  const Scratch scratch;
  const auto csv = scratch.write("shelf.csv", "filename;sku\n1.jpg;7\n2.jpg;8\n");
  const auto gallery = load(describe_path(csv, {{"path", "filename"}, {"label", "sku"}})).gallery;
  REQUIRE(gallery.size() == 2);
  CHECK(gallery[1].id == "2.jpg");
  CHECK(gallery[1].label == "8");
}

TEST_CASE("columns of a CSV without a header are numbers") {
  const Scratch scratch;
  const auto csv = scratch.write("shelf.csv", "7\t1.jpg\n8\t2.jpg\n");
  const auto gallery = load(describe_path(csv, {{"path", "2"}, {"label", "1"}})).gallery;
  REQUIRE(gallery.size() == 2);
  CHECK(gallery[0].label == "7");
}

TEST_CASE("a path to nothing and an empty CSV are errors") {
  const Scratch scratch;
  CHECK(error_of(ErrorCode::input, [] { describe_path("no/such.csv"); }) ==
        "\"no/such.csv\" does not exist. Give the path of a CSV or a folder");
  const auto csv = scratch.write("shelf.csv");
  CHECK(error_of(ErrorCode::input, [&] { describe_path(csv); }) == "\"" + csv.string() + "\" is empty");
}

TEST_CASE("a folder of class folders is all gallery, and a trailing slash changes nothing") {
  const Scratch scratch;
  scratch.write("shelf/tea/1.jpg");
  scratch.write("shelf/milk/1.jpg");
  const auto description = describe_path((scratch / "shelf").string() + "/");
  CHECK(description.name == "shelf");
  const auto dataset = load(description);
  REQUIRE(dataset.gallery.size() == 2);
  CHECK(dataset.gallery[0].id == "milk/1.jpg");
  CHECK(dataset.gallery[0].label == "milk");
}

TEST_CASE("folders called train and test, or gallery and queries, are the two roles") {
  for (const auto& [gallery, queries] : {std::pair("train", "test"), {"gallery", "queries"}, {"gallery", "query"}}) {
    const Scratch scratch;
    scratch.write(fs::path(gallery) / "tea/1.jpg");
    scratch.write(fs::path(queries) / "tea/1.jpg");
    scratch.write(fs::path("val") / "tea/2.jpg");
    const auto dataset = load(describe_path(scratch.path()));
    REQUIRE(dataset.gallery.size() == 1);
    REQUIRE(dataset.queries.size() == 1);
    CHECK(dataset.gallery[0].label == dataset.queries[0].label);
    CHECK(dataset.gallery[0].id != dataset.queries[0].id);
  }
}

TEST_CASE("capitals of split folders do not matter") {
  const Scratch scratch;
  scratch.write("Train/tea/1.jpg");
  scratch.write("Test/tea/2.jpg");
  const auto dataset = load(describe_path(scratch.path()));
  CHECK(dataset.gallery.size() == 1);
  CHECK(dataset.queries.size() == 1);
}

TEST_CASE("an imagefolder of Hugging Face has its labels in metadata.csv") {
  const Scratch scratch;
  const auto csv = scratch.write("shelf/metadata.csv", "file_name,label\n0001.png,tea\nb/0002.png,jam\n");
  scratch.write("shelf/0001.png");
  scratch.write("shelf/b/0002.png");
  for (const auto& path : {scratch / "shelf", csv}) {
    const auto gallery = load(describe_path(path)).gallery;
    REQUIRE(gallery.size() == 2);
    CHECK(gallery[0].label == "tea");
    CHECK(gallery[1].id == "b/0002.png");
    CHECK(gallery[1].path == (scratch / "shelf/b/0002.png").string());
  }
}

TEST_CASE("an imagefolder with splits has a metadata.csv in each") {
  const Scratch scratch;
  scratch.write("train/metadata.csv", "file_name,label\n1.png,tea\n");
  scratch.write("test/metadata.csv", "file_name,label\n2.png,tea\n");
  const auto dataset = load(describe_path(scratch.path()));
  REQUIRE(dataset.gallery.size() == 1);
  REQUIRE(dataset.queries.size() == 1);
  CHECK(dataset.queries[0].id == "test/2.png");
  CHECK(dataset.queries[0].path == (scratch / "test/2.png").string());
}

TEST_CASE("a name that is not UTF-8 is made valid, the path stays") {
  const Scratch scratch;
  scratch.write("caf\xE9/tea/1.jpg");
  const auto description = describe_path(scratch / "caf\xE9");
  CHECK(description.name == "caf\xEF\xBF\xBD");
  CHECK(load(description).gallery[0].path == (scratch / "caf\xE9/tea/1.jpg").string());
}

TEST_CASE("a path that is too long is missing, not the end") {
  const Scratch scratch;
  const std::string name(300, 'a');
  CHECK(load(describe_path(scratch.write("shelf.csv", name + ".png,tea\n"))).gallery.size() == 1);
  CHECK(error_of(ErrorCode::input, [&] { describe_path(name); }) ==
        "\"" + name + "\" cannot be reached (File name too long). Give the path of a CSV or a folder");
}

TEST_CASE("photos straight in a folder have no label") {
  const Scratch scratch;
  scratch.write("gallery/1.jpg");
  scratch.write("queries/2.jpg");
  const auto dataset = load(describe_path(scratch.path()));
  CHECK(dataset.gallery[0].label.empty());
  CHECK(dataset.queries[0].label.empty());
}

}  // namespace
}  // namespace matcher::dataset
