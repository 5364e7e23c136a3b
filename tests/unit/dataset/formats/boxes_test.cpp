#include <catch2/catch_test_macros.hpp>

#include "matcher/dataset/describe_path.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;
using test::Scratch;

Dataset load_csv(const Scratch& scratch, const std::string& text) {
  return load(describe_path(scratch.write("boxes.csv", text)));
}

std::vector<std::string> ids(const std::vector<Item>& items) {
  std::vector<std::string> all;
  for (const auto& item : items) all.push_back(item.id);
  return all;
}

TEST_CASE("rows with x, y, width and height are crops, sorted by photo; rows without are whole images") {
  const Scratch scratch;
  const auto data = load_csv(scratch,
                             "path,label,x,y,width,height\na.jpg,1,10,20,30,40\nb.jpg,2,1,2,3,4\n"
                             "a.jpg,3,50,60,7.5,8\nc.jpg,4,,,,\n");
  CHECK(ids(data.gallery) ==
        std::vector<std::string>{"a.jpg#10,20,30,40", "a.jpg#50,60,7.5,8", "b.jpg#1,2,3,4", "c.jpg"});
  CHECK(data.gallery[0].path == (scratch / "a.jpg").string() + "#10,20,30,40");
  CHECK(data.gallery[1].label == "3");
  CHECK(describe_origin(data.gallery[1]) == (scratch / "boxes.csv").string() + ":4");
}

TEST_CASE("corners and fractions are read; an id column goes before") {
  const Scratch scratch;
  const auto data = load_csv(scratch, "id,path,x1,y1,x2,y2\nfirst,a.jpg,0.1,0.2,0.5,0.9\n,a.jpg,0,0,1,1\n");
  CHECK(ids(data.gallery) == std::vector<std::string>{"first", "a.jpg#0,0,1,1"});
  CHECK(data.gallery[0].path.ends_with("#0.1,0.2,0.4,0.7;fractions"));
}

TEST_CASE("a margin is part of the path, not of the id") {
  const Scratch scratch;
  auto description = describe_path(scratch.write("boxes.csv", "path,x,y,width,height\na.jpg,10,20,30,40\n"));
  apply_crop_margin(0.1, description);
  const auto data = load(description);
  CHECK(data.gallery[0].id == "a.jpg#10,20,30,40");
  CHECK(data.gallery[0].path.ends_with("#10,20,30,40;margin=0.1"));
}

TEST_CASE("the size of an image is no box") {
  const Scratch scratch;
  CHECK(ids(load_csv(scratch, "path,width,height\na.jpg,640,480\n").gallery) == std::vector<std::string>{"a.jpg"});
}

TEST_CASE("boxes that are empty, incomplete or no numbers are errors with the row") {
  const Scratch scratch;
  const auto file = (scratch / "boxes.csv").string();
  const auto message = [&](const std::string& rows) {
    return error_of(ErrorCode::input, [&] { load_csv(scratch, rows); });
  };
  const std::string header = "path,x,y,width,height\n";
  CHECK(message(header + "a.jpg,1,2,3,4\na.jpg,1,2,0,4\n") ==
        file + ":3: the box is empty: width 0, height 4. Correct the box, or remove the row");
  CHECK(message("path,x1,y1,x2,y2\na.jpg,9,2,3,4\n") ==
        file + ":2: the box is empty: x1 9, y1 2, x2 3, y2 4. Correct the box, or remove the row");
  CHECK(message(header + "a.jpg,1,2,,4\n") == file + ":2: the box is incomplete: 1 of its four numbers is missing");
  CHECK(message(header + "a.jpg,1,2,3,wide\n") == file + ":2: height of the box is \"wide\", not a number");
  CHECK(message("path,x,y,width\na.jpg,1,2,3\n") ==
        "\"" + file +
            "\": a box needs the columns x, y, width and height, or x1, y1, x2 and y2, but it has only x, y, "
            "width");
  CHECK(message(header + "a.jpg,1,2,3,4\na.jpg,1,2,3,4\n").find("already uses the id \"a.jpg#1,2,3,4\"") !=
        std::string::npos);
}

TEST_CASE("JSON Lines have file_name, boxes of their own, or lists of objects") {
  const Scratch scratch;
  const auto file = scratch.write("metadata.jsonl", R"({"file_name": "a.jpg", "label": 3}
{"file_name": "b.jpg", "objects": {"bbox": [[1, 2, 3, 4], [5, 6, 7, 8]], "categories": ["tea", "jam"]}}
{"path": "c.jpg", "x": 1, "y": 2, "width": 3, "height": 4, "label": "tea"}
)");
  const auto data = load(describe_path(file));
  CHECK(ids(data.gallery) == std::vector<std::string>{"a.jpg", "b.jpg#1,2,3,4", "b.jpg#5,6,7,8", "c.jpg#1,2,3,4"});
  CHECK(data.gallery[0].label == "3");
  CHECK(data.gallery[2].label == "jam");
  scratch.write("shelf/train/metadata.jsonl", "{\"file_name\": \"1.jpg\", \"label\": \"tea\"}\n");
  scratch.write("shelf/validation/metadata.jsonl", "{\"file_name\": \"2.jpg\", \"label\": \"tea\"}\n");
  const auto split = load(describe_path(scratch / "shelf"));
  CHECK(ids(split.gallery) == std::vector<std::string>{"train/1.jpg"});
  CHECK(ids(split.queries) == std::vector<std::string>{"validation/2.jpg"});
}

TEST_CASE("a line that is not JSON is an error with its number") {
  const Scratch scratch;
  const auto file = scratch.write("metadata.jsonl", "{\"file_name\": \"a.jpg\"}\n\n{\"file_name\": \n");
  CHECK(
      error_of(ErrorCode::input, [&] { load(describe_path(file)); }).starts_with(file.string() + ":3: not valid JSON"));
}

}  // namespace
}  // namespace matcher::dataset
