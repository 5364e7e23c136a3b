#include "matcher/dataset/dataset.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;
using test::Scratch;

Dataset load_folder(const Scratch& scratch, const std::string& folder) {
  Source source;
  source.format = "folder";
  source.path = folder;
  Description description;
  description.name = "shelf";
  description.root = scratch.path().string();
  description.sources = {source};
  return load(description);
}

TEST_CASE("the label is the folder that holds the photo, however deep") {
  const Scratch scratch;
  for (const auto* name : {"photos/tea/green/1.jpg", "photos/milk/2.jpg", "photos/3.jpg"}) scratch.write(name);
  const auto gallery = load_folder(scratch, "photos").gallery;
  REQUIRE(gallery.size() == 3);
  CHECK(gallery[0].label.empty());
  CHECK(gallery[1].label == "milk");
  CHECK(gallery[2].label == "green");
  CHECK(gallery[2].id == "photos/tea/green/1.jpg");
  CHECK(gallery[2].path == (scratch / "photos/tea/green/1.jpg").string());
}

TEST_CASE("images are known by their extension in any case, and sorted") {
  const Scratch scratch;
  for (const auto* name : {"t/7.TIFF", "t/6.tif", "t/5.BMP", "t/4.webp", "t/3.Png", "t/2.jpeg", "t/1.JPG"}) {
    scratch.write(name);
  }
  for (const auto* name : {"t/notes.txt", "t/jpg", "t/.hidden.jpg", ".cache/9.jpg"}) scratch.write(name);
  const auto gallery = load_folder(scratch, ".").gallery;
  REQUIRE(gallery.size() == 7);
  CHECK(gallery.front().id == "t/1.JPG");
  CHECK(gallery.back().id == "t/7.TIFF");
}

TEST_CASE("images of formats that are not decoded are listed, so that they are reported") {
  const Scratch scratch;
  for (const auto* name : {"t/1.gif", "t/2.HEIC", "t/3.avif", "t/4.jfif", "t/5.svg"}) scratch.write(name);
  CHECK(load_folder(scratch, ".").gallery.size() == 5);
}

TEST_CASE("folders that network storage keeps beside images are skipped") {
  const Scratch scratch;
  for (const auto* name :
       {"t/1.jpg", "t/@eaDir/1.jpg/SYNOPHOTO_THUMB_M.jpg", "t/.@__thumb/1.jpg", "#recycle/2.jpg", "@Recycle/3.jpg",
        "__MACOSX/t/1.jpg", "$RECYCLE.BIN/4.jpg", "System Volume Information/5.jpg"})
    scratch.write(name);
  const auto gallery = load_folder(scratch, ".").gallery;
  REQUIRE(gallery.size() == 1);
  CHECK(gallery[0].id == "t/1.jpg");
}

TEST_CASE("a link that leads back is skipped with a warning") {
  const Scratch scratch;
  scratch.write("photos/tea/1.jpg");
  fs::create_directory_symlink("..", scratch / "photos/tea/up");
  const auto dataset = load_folder(scratch, "photos");
  CHECK(dataset.gallery.size() == 1);
  REQUIRE(dataset.warnings.size() == 1);
  CHECK(dataset.warnings[0] == "skipped the link \"" + (scratch / "photos/tea/up").string() +
                                   "\": it leads back to \"" + (scratch / "photos").string() + "\"");
}

TEST_CASE("labels in a metadata.csv are not forgotten silently") {
  const Scratch scratch;
  scratch.write("photos/tea/1.jpg");
  scratch.write("photos/metadata.csv", "file_name,label\ntea/1.jpg,green\n");
  const auto dataset = load_folder(scratch, "photos");
  REQUIRE(dataset.warnings.size() == 1);
  CHECK(dataset.warnings[0].find("metadata.csv\" was not used") != std::string::npos);
}

TEST_CASE("folders that are links are followed") {
  const Scratch scratch, elsewhere;
  elsewhere.write("1.jpg");
  fs::create_directory(scratch / "photos");
  fs::create_directory_symlink(elsewhere.path(), scratch / "photos/tea");
  const auto gallery = load_folder(scratch, "photos").gallery;
  REQUIRE(gallery.size() == 1);
  CHECK(gallery[0].label == "tea");
}

TEST_CASE("a folder without photos is an error") {
  const Scratch scratch;
  scratch.write("photos/notes.txt");
  CHECK(error_of(ErrorCode::input, [&] { load_folder(scratch, "photos"); }) ==
        "\"" + (scratch / "photos").string() + "\" contains no image (jpg, jpeg, png, webp, bmp, tif, tiff)");
}

TEST_CASE("a missing folder is an error") {
  const Scratch scratch;
  CHECK(error_of(ErrorCode::input, [&] { load_folder(scratch, "photos"); }) ==
        "dataset \"shelf\": \"" + (scratch / "photos").string() + "\" does not exist");
}

}  // namespace
}  // namespace matcher::dataset
