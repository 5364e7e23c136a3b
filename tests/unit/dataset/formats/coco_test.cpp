#include <catch2/catch_test_macros.hpp>

#include "matcher/dataset/describe_path.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;
using test::Scratch;

std::string coco(const std::string& annotations, const std::string& categories = R"([{"id": 1, "name": "tea"}])") {
  return R"({"images": [{"id": 7, "file_name": "a.jpg", "width": 640, "height": 480}, {"id": 8, "file_name": "b.jpg"}],
             "annotations": [)" +
         annotations + R"(], "categories": )" + categories + "}";
}

Dataset load_coco(const Scratch& scratch, const std::string& text) {
  return load(describe_path(scratch.write("shelf.json", text)));
}

TEST_CASE("each box of a COCO file is an item with its own id") {
  const Scratch scratch;
  const auto data = load_coco(scratch, coco(R"({"id": 1, "image_id": 8, "category_id": 1, "bbox": [1, 2, 3.5, 4]},
                                               {"id": 2, "image_id": 7, "category_id": 1, "bbox": [5, 6, 7, 8]})"));
  REQUIRE(data.gallery.size() == 2);
  CHECK(data.gallery[0].id == "a.jpg#5,6,7,8");
  CHECK(data.gallery[0].path == (scratch / "a.jpg").string() + "#5,6,7,8;of=640x480");
  CHECK(data.gallery[0].label == "tea");
  CHECK(data.gallery[1].id == "b.jpg#1,2,3.5,4");
  CHECK(data.warnings.empty());
}

TEST_CASE("crowds, boxes without an area and bare images are counted") {
  const Scratch scratch;
  const auto data = load_coco(scratch, coco(R"({"id": 1, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]},
                       {"id": 2, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]},
                       {"id": 3, "image_id": 7, "category_id": 1, "bbox": [5, 6, 7, 8], "iscrowd": 1},
                       {"id": 4, "image_id": 7, "category_id": 1, "bbox": [5, 6, 0, 8]},
                       {"id": 5, "image_id": 7, "category_id": 1, "bbox": [5, 6, 7, -1]},
                       {"id": 6, "image_id": 7, "category_id": 1})"));
  CHECK(data.gallery.size() == 1);
  CHECK(data.warnings == std::vector{"\"" + (scratch / "shelf.json").string() +
                                     "\": left out 1 crowd annotation, 2 boxes without an area, 1 annotation without a "
                                     "box, 1 repeated box, 1 image without boxes"});
}

TEST_CASE("the images are found beside the annotations, as COCO publishes them") {
  const Scratch scratch;
  scratch.write("val2017/a.jpg");
  const auto file = scratch.write("annotations/instances_val2017.json",
                                  coco(R"({"id": 1, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]})"));
  const auto data = load(describe_path(file));
  CHECK(data.gallery[0].path.starts_with((scratch / "val2017/a.jpg").string() + "#"));
}

TEST_CASE("unknown ids, other files and damaged ones are errors") {
  const Scratch scratch;
  const auto message = [&](const std::string& text) {
    return error_of(ErrorCode::input, [&] { load_coco(scratch, text); });
  };
  const auto file = "\"" + (scratch / "shelf.json").string() + "\": ";
  CHECK(message(coco(R"({"id": 1, "image_id": 99, "bbox": [1, 2, 3, 4]})")) ==
        file + "annotation 1 names the image 99, which is not among the \"images\"");
  CHECK(message(coco(R"({"id": 1, "image_id": 7, "category_id": 5, "bbox": [1, 2, 3, 4]})")) ==
        file + "annotation 1 names the category 5, which is not among the \"categories\"");
  CHECK(message(coco(R"({"id": 1, "image_id": 7, "bbox": [1, 2, 3]})")) ==
        file + "the \"bbox\" of annotation 1 is not four numbers: x, y, width, height");
  CHECK(message(coco("", R"([{"id": 1, "name": "tea"}, {"id": 2, "name": "tea"}])")) ==
        file + "the categories 1 and 2 are both called \"tea\". Give each its own name");
  CHECK(message("[]") == file +
                             "a list, not an object: a file of detections alone lacks \"images\" and \"categories\". "
                             "Give the COCO file with all three");
  CHECK(message("{}") ==
        file + "the list \"images\" is missing: not a COCO file of images, annotations and categories");
  CHECK(message("{\"images\": [").starts_with((scratch / "shelf.json").string() + ": not valid JSON ("));
}

}  // namespace
}  // namespace matcher::dataset
