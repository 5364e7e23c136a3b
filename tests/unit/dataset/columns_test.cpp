#include "matcher/dataset/columns.hpp"

#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;

TEST_CASE("columns are parsed") {
  CHECK(parse_columns("path=filename,label=2") == Columns{{"path", "filename"}, {"label", "2"}});
  CHECK(parse_columns("").empty());
}

TEST_CASE("a wrong --csv-columns names the part") {
  CHECK(error_of(ErrorCode::usage, [] { parse_columns("path=a,label"); }) ==
        "--csv-columns \"label\" is not WORD=COLUMN, for example path=filename,label=sku");
  CHECK(error_of(ErrorCode::usage, [] { parse_columns("path="); }) ==
        "--csv-columns \"path=\" is not WORD=COLUMN, for example path=filename,label=sku");
  CHECK(error_of(ErrorCode::usage, [] { parse_columns("sku=label"); }) ==
        "--csv-columns has no word \"sku\"; use path, label, split, view, category, text, id, group, "
        "x, y, width, height, x1, y1, x2, y2");
}

TEST_CASE("columns replace those of a description's CSVs, and need one") {
  Description description;
  description.name = "shop";
  Source csv, folder;
  csv.format = "csv";
  csv.columns = {{"path", "Photo"}, {"label", "Article"}};
  folder.format = "folder";
  description.sources = {csv, folder};
  apply({{"label", "sku"}}, description);
  CHECK(description.sources[0].columns == Columns{{"path", "Photo"}, {"label", "sku"}});
  CHECK(description.sources[1].columns.empty());
  description.sources = {folder};
  apply({}, description);
  CHECK(error_of(ErrorCode::usage, [&] {
          apply({{"label", "sku"}}, description);
        }) == "--csv-columns is for a CSV, but \"shop\" is read from folders. Leave it out");
}

}  // namespace
}  // namespace matcher::dataset
