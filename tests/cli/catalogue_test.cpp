// Catalogues as they lie on people's disks, on the real binary: boxes, shards, recipes of benchmarks, and bad input.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

cli::fs::path fixture(const std::string& name) { return cli::fs::path(MATCHER_TEST_DATA) / "dataset" / name; }

class Work {
 public:
  cli::Result operator()(std::vector<std::string> arguments, const std::vector<std::string>& environment = {}) const {
    arguments.insert(arguments.begin(), {"--workdir", folder_.str("w")});
    return cli::run(arguments, environment);
  }
  cli::Result embed(const std::string& dataset, const std::string& output, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"embed", "--model", "colour-layout", "--dataset", dataset, "--output", str(output)});
    return (*this)(more);
  }
  /// The one line of an error.
  std::string error_of(const std::string& dataset) const {
    const auto result = embed(dataset, "refused");
    CHECK(result.code != 0);
    CHECK(result.out.empty());
    CHECK(!cli::fs::exists(*this / "refused"));
    return result.err;
  }
  std::string write(const std::string& name, const std::string& text) const {
    cli::fs::create_directories((*this / name).parent_path());
    cli::write(*this / name, text);
    return str(name);
  }
  /// Copies a file of the test data.
  std::string copy(const cli::fs::path& from, const std::string& name) const { return write(name, cli::text_of(from)); }
  /// Draws a small product, another one for each number.
  std::string draw(const std::string& name, int number) const {
    return copy(cli::demo() + "/gallery/p000" + std::to_string(1 + number % 6) + "/1.jpg", name);
  }
  cli::fs::path operator/(const std::string& name) const { return folder_ / name; }
  std::string str(const std::string& name) const { return folder_.str(name); }

 private:
  cli::Folder folder_;
};

/// The numbers of an .npy file, without its header.
std::string numbers(const cli::fs::path& file) { return cli::text_of(file).substr(128); }

}  // namespace

TEST_CASE("boxes of a photo are embedded as Pillow's crops of it, in pixels, fractions, corners and COCO") {
  const Work work;
  for (const auto* name : {"inside", "half", "fraction"})
    work.copy(fixture(std::string("crop-") + name + ".png"), std::string("crops/") + name + ".png");
  work.write("crops.csv", "path\ncrops/inside.png\ncrops/half.png\n");
  work.copy(fixture("turned.jpg"), "turned.jpg");
  REQUIRE(work.embed(work.str("crops.csv"), "expected").code == 0);
  const auto expected = numbers(work / "expected" / "vectors.npy");
  const auto check = [&](const std::string& dataset, const std::string& output) {
    const auto result = work.embed(dataset, output);
    INFO(result.err);
    REQUIRE(result.code == 0);
    CHECK(result.err.find("warning") == std::string::npos);
    CHECK(numbers(work / output / "vectors.npy") == expected);
  };
  check(work.write("a.csv", "path,x,y,width,height\nturned.jpg,5,7,20,31\nturned.jpg,2.5,3.5,10,10.5\n"), "a");
  check(work.write("b.csv", "path,x1,y1,x2,y2\nturned.jpg,5,7,25,38\nturned.jpg,2.5,3.5,12.5,14\n"), "b");
  check(work.write("c.json", R"({"images": [{"id": 1, "file_name": "turned.jpg", "width": 40, "height": 60}],
    "annotations": [{"id": 1, "image_id": 1, "bbox": [5, 7, 20, 31]}, {"id": 2, "image_id": 1, "bbox": [2.5, 3.5, 10, 10.5]}],
    "categories": []})"),
        "c");
  CHECK_THAT(cli::text_of(work / "c" / "items.csv"), ContainsSubstring("\n\"turned.jpg#5,7,20,31\","));
  work.write("crops.csv", "path\ncrops/fraction.png\n");
  REQUIRE(work.embed(work.str("crops.csv"), "fraction").code == 0);
  REQUIRE(work.embed(work.write("d.csv", "path,x,y,width,height\nturned.jpg,0.125,0.25,0.5,0.375\n"), "d").code == 0);
  CHECK(numbers(work / "d" / "vectors.npy") == numbers(work / "fraction" / "vectors.npy"));
}

TEST_CASE("a crop margin changes the vectors and renews the set; without boxes it is refused") {
  const Work work;
  work.copy(fixture("turned.jpg"), "turned.jpg");
  work.copy(fixture("crop-margin.png"), "margin.png");
  const auto boxes = work.write("boxes.csv", "path,x,y,width,height\nturned.jpg,5,7,20,31\n");
  const auto expected = work.write("margin.csv", "path\nmargin.png\n");
  REQUIRE(work.embed(boxes, "set").code == 0);
  const auto plain = numbers(work / "set" / "vectors.npy");
  REQUIRE(work.embed(boxes, "set", {"--crop-margin", "0.1"}).code == 0);
  REQUIRE(work.embed(expected, "expected").code == 0);
  CHECK(numbers(work / "set" / "vectors.npy") == numbers(work / "expected" / "vectors.npy"));
  CHECK(numbers(work / "set" / "vectors.npy") != plain);
  const auto refused = work.embed(expected, "refused", {"--crop-margin", "0.1"});
  CHECK(refused.code == 2);
  CHECK(refused.err == "matcher: error: --crop-margin is for boxes, but \"margin\" has none. Leave it out\n");
}

TEST_CASE("boxes outside their photo are failures with their row; those that reach beyond it are cut") {
  const Work work;
  work.copy(fixture("turned.jpg"), "turned.jpg");
  const auto boxes = work.write("boxes.csv",
                                "path,x,y,width,height\nturned.jpg,5,7,20,31\nturned.jpg,100,7,20,31\n"
                                "turned.jpg,30,7,20,31\n");
  const auto result = work.embed(boxes, "set");
  CHECK(result.code == 0);
  CHECK_THAT(result.err, ContainsSubstring("1 box reaches beyond its image; only the part inside is used"));
  CHECK_THAT(cli::text_of(work / "set" / "failures.csv"),
             ContainsSubstring("the box 100,7,20,31 is outside the image of 40 x 60 pixels, or smaller than a pixel (" +
                               boxes + ":3)"));
}

TEST_CASE("two boxes of one photo are not the same image; the same box in both roles is") {
  const Work work;
  work.copy(fixture("turned.jpg"), "turned.jpg");
  work.write("boxes.csv",
             "path,x,y,width,height,label,split\nturned.jpg,5,7,20,31,a,gallery\n"
             "turned.jpg,2,3,10,10,b,gallery\nturned.jpg,6,7,20,31,a,query\nturned.jpg,2,3,10,10,b,query\n");
  const auto result =
      work({"eval", "--model", "colour-layout", "--dataset", work.str("boxes.csv"), "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto report = json::parse(result.out);
  CHECK(report["dataset"]["self_matches"] == 1);
  CHECK(report["dataset"]["queries"] == 2);
}

TEST_CASE("query takes boxes of a photo, and all boxes of a COCO file") {
  const Work work;
  work.copy(fixture("turned.jpg"), "turned.jpg");
  work.write("crops.csv", "path,label\n" + fixture("crop-inside.png").string() + ",inside\n" +
                              fixture("crop-half.png").string() + ",half\n");
  REQUIRE(work({"index", "--model", "colour-layout", "--dataset", work.str("crops.csv"), "--output", work.str("shelf")})
              .code == 0);
  const auto query = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"query", "--index", work.str("shelf"), "--format", "json"});
    return work(more);
  };
  const auto check = [](const cli::Result& result, const std::string& photo) {
    INFO(result.err);
    REQUIRE(result.code == 0);
    const auto queries = json::parse(result.out)["queries"];
    REQUIRE(queries.size() == 2);
    CHECK(queries[0]["query"] == photo + "#5,7,20,31");
    CHECK(queries[0]["answers"][0]["label"] == "inside");
    CHECK(queries[0]["answers"][0]["score"] > 0.99999);
    CHECK(queries[1]["answers"][0]["label"] == "half");
    CHECK(queries[1]["answers"][0]["score"] > 0.99999);
  };
  const auto photo = work.str("turned.jpg");
  check(query({"--box", "5,7,20,31", "--box", "2.5,3.5,10,10.5", photo}), photo);
  const auto coco = work.write("found.json", R"({"images": [{"id": 1, "file_name": "turned.jpg"}],
    "annotations": [{"id": 1, "image_id": 1, "bbox": [5, 7, 20, 31]},
                    {"id": 2, "image_id": 1, "bbox": [2.5, 3.5, 10, 10.5]}]})");
  check(query({"--coco", coco}), "turned.jpg");
  CHECK_THAT(
      query({"--box", "5,7,0,31", photo}).err,
      ContainsSubstring("--box must be x,y,width,height in pixels, or in shares of the sides with ;fractions, and "
                        "have an area, not \\\"5,7,0,31\\\"\"}"));
  CHECK_THAT(query({"--box", "5,7,20,31", photo, photo}).err,
             ContainsSubstring("\"--box cuts one image, but 2 were given\"}"));
  CHECK_THAT(query({"--crop-margin", "0.1", photo}).err,
             ContainsSubstring("\"--crop-margin is for boxes: give --box or --coco too\"}"));
  const auto outside = query({"--box", "500,7,20,31", photo});
  CHECK(outside.code == 3);
  CHECK_THAT(outside.err, ContainsSubstring("\"message\":\"no answers for \\\"" + photo +
                                            "#500,7,20,31\\\": the box 500,7,20,31 is outside the image of 40 x 60 "
                                            "pixels, or smaller than a pixel. Correct the box\"}\n"));
}

TEST_CASE("images in tar shards are embedded in place, as from files") {
  const Work work;
  const auto shard = work.copy(fixture("pax.tar"), "pax.tar");
  const auto result = work.embed(shard, "set");
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK_THAT(result.out, ContainsSubstring("3 vectors"));
  const auto places = json::parse(cli::text_of(fixture("places.json")))["pax"];
  std::string rows = "path\n";
  for (std::size_t i = 0; i < 3; ++i) {
    const auto name = std::to_string(i) + ".jpg";
    work.write(name, cli::text_of(shard).substr(places[i][1].get<std::size_t>(), places[i][2].get<std::size_t>()));
    rows += name + "\n";
  }
  REQUIRE(work.embed(work.write("files.csv", rows), "files").code == 0);
  CHECK(numbers(work / "set" / "vectors.npy") == numbers(work / "files" / "vectors.npy"));
}

TEST_CASE("leave-one-out asks all others, and leaves single photos out") {
  const Work work;
  for (int i = 0; i < 3; ++i) {
    work.draw("shop/tea/" + std::to_string(i) + ".jpg", i);
    work.draw("shop/jam/" + std::to_string(i) + ".jpg", i + 3);
  }
  work.copy(fixture("turned.jpg"), "shop/salt/1.jpg");
  const auto result =
      work({"eval", "--model", "colour-layout", "--dataset", work.str("shop"), "--leave-one-out", "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK_THAT(result.err,
             ContainsSubstring("1 photo is alone with its product, or without a label: no query, but part of "
                               "the gallery"));
  const auto report = json::parse(result.out);
  CHECK(report["dataset"]["queries"] == 6);
  CHECK(report["dataset"]["gallery"] == 7);
  CHECK(report["dataset"]["self_matches"] == 6);
}

TEST_CASE("recipes read miniatures in the form of the original files") {
  const Work work;
  const auto datasets = (cli::fs::path(MATCHER_TEST_DATA).parent_path().parent_path() / "datasets").string();
  const auto check = [&](const std::string& name, const std::string& variable, int gallery, int queries) {
    const auto result = work({"eval", "--model", "colour-layout", "--dataset", name, "--format", "json"},
                             {"MATCHER_DATASETS=" + datasets, variable + "=" + work.str(name)});
    INFO(name << ": " << result.err);
    REQUIRE(result.code == 0);
    const auto report = json::parse(result.out)["dataset"];
    CHECK(report["gallery"] == gallery);
    CHECK(report["queries"] == queries);
    CHECK(result.err.find("warning") == std::string::npos);
    return report;
  };
  work.write("stanford-online-products/Ebay_test.txt",
             "image_id class_id super_class_id path\n1 11319 1 bicycle_final/251952414262_0.JPG\n"
             "2 11319 1 bicycle_final/251952414262_1.JPG\n3 11320 2 cabinet_final/351_0.JPG\n"
             "4 11320 2 cabinet_final/351_1.JPG\n");
  int i = 0;
  for (const auto* name :
       {"bicycle_final/251952414262_0", "bicycle_final/251952414262_1", "cabinet_final/351_0", "cabinet_final/351_1"})
    work.draw("stanford-online-products/" + std::string(name) + ".JPG", i++);
  CHECK(check("stanford-online-products", "SOP_ROOT", 4, 4)["self_matches"] == 4);

  work.write("in-shop/Eval/list_eval_partition.txt",
             "4\nimage_name item_id evaluation_status\n"
             "img/WOMEN/Dresses/id_00000002/02_1_front.jpg                      id_00000002 train\n"
             "img/WOMEN/Dresses/id_00000007/02_1_front.jpg                      id_00000007 query\n"
             "img/WOMEN/Dresses/id_00000007/02_2_side.jpg                       id_00000007 gallery\n"
             "img/MEN/Denim/id_00000080/01_1_front.jpg                          id_00000080 gallery\n");
  for (const auto* name : {"WOMEN/Dresses/id_00000007/02_1_front", "WOMEN/Dresses/id_00000007/02_2_side",
                           "MEN/Denim/id_00000080/01_1_front"})
    work.draw("in-shop/Img/img/" + std::string(name) + ".jpg", i++);
  check("in-shop", "IN_SHOP_ROOT", 2, 1);

  for (const auto* name : {"100.Brown_Pelican/Brown_Pelican_0001_1", "101.White_Pelican/White_Pelican_0001_96422",
                           "101.White_Pelican/White_Pelican_0002_96604", "200.Common_Yellowthroat/a_1",
                           "200.Common_Yellowthroat/a_2", "001.Black_footed_Albatross/b_1"})
    work.draw("cub-200/images/" + std::string(name) + ".jpg", i++);
  work.write("cub-200/images.txt", "1 001.Black_footed_Albatross/b_1.jpg\n");
  check("cub-200", "CUB_ROOT", 4, 4);

  for (const auto* name : {"train/雀巢咖啡/1", "train/康师傅/1", "test/雀巢咖啡/2"})
    work.draw("rp2k/all/" + std::string(name) + ".jpg", i++);
  check("rp2k", "RP2K_ROOT", 2, 1);

  work.write("products-10k/train.csv", "name,class,group\n1.jpg,0,0\n2.jpg,1,0\n");
  work.write("products-10k/test_kaggletest.csv", "name,class,group,Usage\n3.jpg,0,0,Public\n");
  for (const auto* name : {"train/1", "train/2", "test/3"})
    work.draw("products-10k/" + std::string(name) + ".jpg", i++);
  check("products-10k", "PRODUCTS_10K_ROOT", 2, 1);

  work.write("gldv2/index_image_to_landmark.csv", "id,landmark_id\n0a1b,7\n0a2c,7\n1d3e,9\n");
  work.write("gldv2/retrieval_solution_v2.1.csv",
             "id,images,Usage\nab01,0a1b 0a2c,Public\ncd02,None,Ignored\nef03,1d3e,Private\n");
  for (const auto* name :
       {"index/0/a/1/0a1b", "index/0/a/2/0a2c", "index/1/d/3/1d3e", "test/a/b/0/ab01", "test/e/f/0/ef03"})
    work.draw("gldv2/" + std::string(name) + ".jpg", i++);
  const auto prepare = datasets + "/gldv2/prepare";
  const auto prepared = cli::run({work.str("gldv2")}, {}, prepare);
  CHECK(prepared.out ==
        "3 index photos, 2 queries; 1 queries left out; 0 queries whose correct photos are not those of one "
        "landmark\n");
  check("gldv2", "GLDV2_ROOT", 3, 2);
}

TEST_CASE("a dataset.yaml says how its CSV is written") {
  const Work work;
  for (int i = 1; i < 4; ++i) work.draw(std::to_string(i) + ".jpg", i);
  work.write("items.txt", "exported by hand\n# a comment\n1.jpg;'a;b';gr\xFCn\n# another\n2.jpg;c;blau\n");
  const auto yaml = work.write("latin.yaml",
                               "sources:\n  - csv: items.txt\n    header: false\n    skip_lines: 1\n    comment: '#'\n"
                               "    delimiter: ';'\n    quote: \"'\"\n    encoding: latin-1\n"
                               "    columns: {path: 1, label: 2, category: 3}\n");
  const auto result = work.embed(yaml, "set");
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto items = cli::text_of(work / "set" / "items.csv");
  CHECK_THAT(items, ContainsSubstring(",a;b,"));
  CHECK_THAT(items, ContainsSubstring(",grün,"));
  const auto refused = work.write("bad.yaml", "sources:\n  - csv: items.txt\n    encoding: ebcdic\n");
  CHECK_THAT(work.error_of(refused),
             ContainsSubstring("the encoding \"ebcdic\" is unknown; use utf-8, utf-16 or latin-1"));
}

TEST_CASE("a manifest that is another file is named for what it is") {
  const Work work;
  const auto check = [&](const std::string& start, const std::string& what) {
    const auto file = work.write("items.csv", start + std::string(600, '\0'));
    CHECK(work.error_of(file) == "matcher: error: \"" + file + "\" is " + what + "\n");
  };
  check("PK\3\4 xl/workbook.xml", "an Excel workbook, not a text. Save it as CSV");
  check("PK\3\4 mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "a spreadsheet (ODS), not a text. Save it as CSV");
  check("PK\3\4 a.jpg", "a ZIP archive or an Excel workbook, not a text. Unpack it, or save it as CSV");
  check("PAR1", "a Parquet file, not a text. Export it as CSV");
  check("ARROW1", "an Arrow file, not a text. Export it as CSV");
  check("\x1f\x8b", "compressed by gzip, not a text. Unpack it: gunzip");
  check("SQLite format 3", "an SQLite database, not a text. Export it as CSV");
  check(std::string(257, 'a') + "ustar", "a tar archive, not a text. Unpack it, or name it NAME.tar");
}

TEST_CASE("bad manifests get one sentence with the line") {
  const Work work;
  const auto check = [&](const std::string& text, const std::string& message) {
    const auto file = work.write("items.csv", text);
    CHECK(work.error_of(file) == "matcher: error: " + file + message + "\n");
  };
  check(
      "path,label\n1.jpg,tea\n2.jpg,gr\xC3\xBCn\n3.jpg,gr\xFCn\n",
      ":4: the byte fc is not UTF-8, but line 3 has letters in UTF-8: the file mixes two encodings. Save all of it as "
      "UTF-8");
  check(
      "path,label\n1.jpg,gr\xFCn\n",
      ":2: the byte fc is not UTF-8. Save the file as UTF-8; or, if it is Latin-1, say so in a dataset.yaml: encoding: "
      "latin-1");
  check("path,label\n1.jpg,a,b\n2.jpg,a\n3.jpg,a,b,c\n4.jpg,a,b\n",
        ":2: 3 fields, but the header has 2; also lines 4, 5. Put quotes around a field that holds a comma");
  check("path,label\n1.jpg\n", ":2: too few fields: 1, but \"label\" is column 2");
  check("path,label,split\n1.jpg,a,studio\n",
        ":2: unknown split \"studio\". Use gallery, index or train for the gallery, and queries, query, probe, test, "
        "val or "
        "validation for the queries, or name the splits under roles in a dataset.yaml");
}

TEST_CASE("labels that look alike are named, and joined by --fold-labels") {
  const Work work;
  work.draw("1.jpg", 1);
  work.draw("2.jpg", 2);
  const auto csv = work.write("items.csv", "path,label\n1.jpg,Jam\n2.jpg,jam \n");
  const auto quoted = work.write("quoted.csv", "path,label\n1.jpg,Jam\n2.jpg,\"jam \"\n");
  CHECK_THAT(work.embed(csv, "a").err, ContainsSubstring("differ in capitals. To join them, add --fold-labels"));
  CHECK_THAT(work.embed(quoted, "b", {"--fold-labels"}).err,
             ContainsSubstring("1 label is joined with one that looks the same, such as \"jam \" with \"Jam\""));
}

TEST_CASE("images beside split folders are not left out silently") {
  const Work work;
  work.draw("shop/train/tea/1.jpg", 1);
  work.draw("shop/Test/tea/2.jpg", 2);
  REQUIRE(work.embed(work.str("shop"), "set").code == 0);
  work.draw("shop/holdout/tea/3.jpg", 3);
  CHECK(work.error_of(work.str("shop")) ==
        "matcher: error: \"" + work.str("shop/holdout") +
            "\" has images beside the split \"train\", but its name is not one of a split. Use gallery, index or train "
            "for "
            "the gallery, and queries, query, probe, test, val or validation for the queries, or list the folders in a "
            "dataset.yaml\n");
}
