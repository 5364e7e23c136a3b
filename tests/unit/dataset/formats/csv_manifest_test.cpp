#include "matcher/dataset/dataset.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;
using test::Scratch;

Description describe(const Scratch& scratch, const Source& source) {
  Description description;
  description.name = "shelf";
  description.root = scratch.path().string();
  description.origin = (scratch / "dataset.yaml").string();
  description.sources = {source};
  return description;
}

Source csv(std::map<std::string, std::string> columns = {}, bool header = true) {
  Source source;
  source.format = "csv";
  source.path = "items.csv";
  source.header = header;
  source.columns = std::move(columns);
  return source;
}

Dataset load_csv(const Scratch& scratch, std::string_view text, const Source& source = csv()) {
  scratch.write("items.csv", text);
  return load(describe(scratch, source));
}

std::string input_error(const Scratch& scratch, std::string_view text, const Source& source = csv()) {
  return error_of(ErrorCode::input, [&] { load_csv(scratch, text, source); });
}

TEST_CASE("columns are found by their own names") {
  const Scratch scratch;
  const auto dataset = load_csv(scratch, "label,path,view,category,text\n7,a/1.jpg,front,tea,green tea\n");
  REQUIRE(dataset.gallery.size() == 1);
  const auto& item = dataset.gallery[0];
  CHECK(item.id == "a/1.jpg");
  CHECK(item.path == (scratch / "a/1.jpg").string());
  CHECK(item.label == "7");
  CHECK(item.view == "front");
  CHECK(item.category == "tea");
  CHECK(item.text == "green tea");
}

TEST_CASE("queries keep the values of other columns if they are wanted") {
  const Scratch scratch;
  const std::string text =
      "path,label,split,brand,Size,brand,,note\n1.jpg,7,gallery,Sun,1 l,Moon,x,\n2.jpg,7,queries,Sun,,"
      "Moon,x," +
      std::string(201, 'n') + "\n3.jpg,7,queries,,2 l,,,short\n";
  CHECK(load_csv(scratch, text, csv({{"label", "2"}})).queries[0].others.get().empty());
  const auto load_keeping = [&](KeptColumns kept) {
    auto description = describe(scratch, csv({{"label", "2"}}));
    description.kept_columns = kept;
    return load(description);
  };
  const auto queries = load_keeping(KeptColumns::of_queries);
  CHECK(queries.gallery[0].others.get().empty());
  CHECK(queries.queries[0].others.get() == ColumnValues{{"brand", "Sun"}});
  CHECK(queries.queries[1].others.get() == ColumnValues{{"Size", "2 l"}, {"note", "short"}});
  CHECK(load_keeping(KeptColumns::of_all).gallery[0].others.get() == ColumnValues{{"brand", "Sun"}, {"Size", "1 l"}});
}

TEST_CASE("lines of JSON keep other keys that have a text, a number or a truth value") {
  const Scratch scratch;
  scratch.write(
      "items.jsonl",
      R"({"file_name":"1.jpg","product":"7","split":"test","brand":"Sun","price":2.5,"bio":true,"tags":["a"]})");
  Source source;
  source.format = "jsonl";
  source.path = "items.jsonl";
  source.columns = {{"label", "product"}};
  auto description = describe(scratch, source);
  description.kept_columns = KeptColumns::of_queries;
  CHECK(load(description).queries[0].others.get() == ColumnValues{{"brand", "Sun"}, {"price", "2.5"}, {"bio", "true"}});
}

TEST_CASE("columns may have other names, or numbers beside a header") {
  const Scratch scratch;
  const auto dataset = load_csv(scratch, "photo,product\n1.jpg,7\n", csv({{"path", "photo"}, {"label", "2"}}));
  CHECK(dataset.gallery[0].id == "1.jpg");
  CHECK(dataset.gallery[0].label == "7");
}

TEST_CASE("without a header columns have numbers, and spaces are dropped") {
  const Scratch scratch;
  const auto dataset = load_csv(scratch, "1.jpg, 7, 0\n2.jpg, 8, 0\n", csv({{"path", "1"}, {"label", "2"}}, false));
  REQUIRE(dataset.gallery.size() == 2);
  CHECK(dataset.gallery[1].label == "8");
}

TEST_CASE("spaces stay where trim is off") {
  const Scratch scratch;
  auto source = csv();
  source.trim = false;
  CHECK(load_csv(scratch, "path,label\n1.jpg, 7\n", source).gallery[0].label == " 7");
}

TEST_CASE("a byte order mark, CRLF and quotes are understood") {
  const Scratch scratch;
  const auto dataset = load_csv(scratch, "\xEF\xBB\xBFpath,label\r\n\"a,b.jpg\",\"tea, green\"\r\n");
  CHECK(dataset.gallery[0].id == "a,b.jpg");
  CHECK(dataset.gallery[0].label == "tea, green");
}

TEST_CASE("paths are normalised, and absolute ones stay") {
  const Scratch scratch;
  const auto dataset = load_csv(scratch, "path\n./a//b/../1.jpg\n/photos/2.jpg\n");
  CHECK(dataset.gallery[0].id == "a/1.jpg");
  CHECK(dataset.gallery[0].path == (scratch / "a/1.jpg").string());
  CHECK(dataset.gallery[1].path == "/photos/2.jpg");
}

TEST_CASE("the id of an absolute path inside the root is relative to the root") {
  const Scratch scratch;
  const auto inside = (scratch / "a" / "1.jpg").string(), beside = scratch.path().string() + "-2/1.jpg";
  const auto dataset = load_csv(scratch, "path\n" + inside + "\n" + beside + "\n");
  CHECK(dataset.gallery[0].id == "a/1.jpg");
  CHECK(dataset.gallery[0].path == inside);
  CHECK(dataset.gallery[1].id == beside);
}

TEST_CASE("the folder of the photos is part of the id and takes a leading slash") {
  const Scratch scratch;
  auto source = csv();
  source.image_root = "photos";
  const auto dataset = load_csv(scratch, "path\n1.jpg\n/2.jpg\n", source);
  CHECK(dataset.gallery[0].id == "photos/1.jpg");
  CHECK(dataset.gallery[1].id == "photos/2.jpg");
  CHECK(dataset.gallery[1].path == (scratch / "photos/2.jpg").string());
}

TEST_CASE("an id column goes before the path") {
  const Scratch scratch;
  CHECK(load_csv(scratch, "id,path\nx,1.jpg\n").gallery[0].id == "x");
}

TEST_CASE("an item may be a text without a photo") {
  const Scratch scratch;
  const auto dataset = load_csv(scratch, "path,text\n,green tea\n");
  CHECK(dataset.gallery[0].path.empty());
  CHECK(dataset.gallery[0].text == "green tea");
  CHECK(dataset.gallery[0].id == "items.csv:2");
  CHECK(load_csv(scratch, "text\nblack tea\n").gallery[0].text == "black tea");
}

TEST_CASE("a row without a path and a text is an error") {
  const Scratch scratch;
  CHECK(input_error(scratch, "path,label\n1.jpg,7\n,8\n") ==
        (scratch / "items.csv").string() + ":3: neither a path nor a text. Fill in one, or remove the row");
}

TEST_CASE("a column that is not there is an error with those that are") {
  const Scratch scratch;
  const auto file = (scratch / "items.csv").string();
  CHECK(input_error(scratch, "path,label\n", csv({{"label", "labell"}})) ==
        file + ":1: no column \"labell\". The columns are: path, label; did you mean \"label\"?");
  CHECK(input_error(scratch, "photo,product\n1.jpg,7\n") ==
        file + ":1: no column \"path\". The columns are: photo, product");
  CHECK(input_error(scratch, "path,label\n", csv({{"label", "3"}})) ==
        file + ":1: no column \"3\". The columns are: path, label");
}

TEST_CASE("without a header a column must be a number") {
  const Scratch scratch;
  const auto file = (scratch / "items.csv").string();
  CHECK(input_error(scratch, "1.jpg,7\n", csv({{"path", "photo"}}, false)) ==
        file + " has no header, so the column of \"path\" must be a number from 1, not \"photo\"");
  CHECK(input_error(scratch, "1.jpg,7\n", csv({{"label", "2"}}, false)) ==
        file + " has no header. Give the number of the column \"path\" under \"columns\"");
}

TEST_CASE("a row with too few or too many fields is an error with its line") {
  const Scratch scratch;
  const auto file = (scratch / "items.csv").string();
  CHECK(input_error(scratch, "path,label\n1.jpg,7\n2.jpg\n") ==
        file + ":3: too few fields: 1, but \"label\" is column 2");
  CHECK(input_error(scratch, "path,label\n1.jpg,tea, green\n") ==
        file + ":2: 3 fields, but the header has 2. Put quotes around a field that holds a comma");
  CHECK(load_csv(scratch, "path,label\n1.jpg,7,,\n").gallery.size() == 1);
}

TEST_CASE("an id that is used twice is an error with both lines") {
  const Scratch scratch;
  const auto file = (scratch / "items.csv").string();
  CHECK(input_error(scratch, "path\n1.jpg\n2.jpg\n./1.jpg\n") ==
        file + ":4: " + file + ":2 already uses the id \"1.jpg\". An id must be unique within the gallery");
}

TEST_CASE("a file without rows is an error") {
  const Scratch scratch;
  CHECK(input_error(scratch, "") == "\"" + (scratch / "items.csv").string() + "\" is empty");
  CHECK(input_error(scratch, "path,label\n") ==
        "dataset \"shelf\" has no items. See its sources in " + (scratch / "dataset.yaml").string());
}

TEST_CASE("a column that comes twice is an error if it is used") {
  const Scratch scratch;
  const auto file = (scratch / "items.csv").string();
  CHECK(input_error(scratch, "path,label,label\n1.jpg,tea,jam\n") ==
        file +
            ":1: the column \"label\" comes twice. Rename or remove one, or give its number in a dataset.yaml: "
            "columns: {label: 2}");
  CHECK(input_error(scratch, "path,Label,LABEL\n1.jpg,tea,jam\n").find("comes twice") != std::string::npos);
  CHECK(load_csv(scratch, "path,label,note,note\n1.jpg,tea,a,b\n").gallery[0].label == "tea");
  CHECK(load_csv(scratch, "path,label,label\n1.jpg,tea,jam\n", csv({{"label", "3"}})).gallery[0].label == "jam");
}

TEST_CASE("capitals of a column's name do not matter") {
  const Scratch scratch;
  CHECK(load_csv(scratch, "Path,LABEL\n1.jpg,tea\n").gallery[0].label == "tea");
  CHECK(load_csv(scratch, "path,label,Label\n1.jpg,tea,jam\n").gallery[0].label == "tea");
}

TEST_CASE("what nobody sees around a column's name does not matter") {
  const Scratch scratch;
  CHECK(load_csv(scratch, "path\u00a0,\ufefflabel\u200b\n1.jpg,tea\n").gallery[0].label == "tea");
}

TEST_CASE("semicolons, tabs and UTF-16 are read") {
  const Scratch scratch;
  CHECK(load_csv(scratch, "path;label\n1.jpg;tea\n").gallery[0].label == "tea");
  CHECK(load_csv(scratch, "path\tlabel\n1.jpg\ttea\n").gallery[0].label == "tea");
  std::string wide("\xFF\xFE");
  for (const char c : std::string_view("path;label\n1.jpg;tea\n")) wide += {c, '\0'};
  CHECK(load_csv(scratch, wide).gallery[0].label == "tea");
}

}  // namespace
}  // namespace matcher::dataset
