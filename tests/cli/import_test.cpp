#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

const cli::fs::path data = MATCHER_TEST_DATA "/import";  // make_import_fixtures.py

/// The numbers of a .npy file of float32.
std::vector<float> numbers_in(const cli::fs::path& file) {
  const auto bytes = cli::text_of(file).substr(128);
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
  return numbers;
}

/// The vectors of a set by id, from its files.
std::map<std::string, std::vector<float>> vectors_of(const cli::fs::path& set, std::size_t dimension) {
  const auto numbers = numbers_in(set / "vectors.npy");
  std::istringstream lines(cli::text_of(set / "items.csv"));
  std::map<std::string, std::vector<float>> vectors;
  std::string line;
  std::getline(lines, line);
  for (std::size_t row = 0; std::getline(lines, line); ++row) {
    const auto first = numbers.begin() + std::ptrdiff_t(row * dimension);
    vectors[line.substr(0, line.find(','))] = {first, first + std::ptrdiff_t(dimension)};
  }
  return vectors;
}

cli::Result import(const cli::Folder& work, const std::string& vectors, const std::string& items,
                   std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"--quiet", "--workdir", work.str("w"), "import", vectors, "--items", items, "--name",
                             "their-model", "--output", work.str("set")});
  return cli::run(more);
}

bool has_arrow() {
  return cli::fs::exists(cli::fs::path(MATCHER_BINARY).parent_path().parent_path() / "lib/matcher/libmatcher_arrow.so");
}

/// A header of numpy, as numpy.save writes it, and numbers.
std::string npy(const std::string& type, const std::string& shape, const std::vector<float>& numbers) {
  auto header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, shape);
  header.resize(117, ' ');
  header += '\n';
  return std::string("\x93NUMPY\x01\0", 8) + std::string({char(118), '\0'}) + header +
         std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float));
}

void refused(const cli::Result& result, int code, const std::string& sentence) {
  INFO(result.err);
  CHECK(result.code == code);
  CHECK(result.out.empty());
  CHECK(result.err == "matcher: error: " + sentence + "\n");
}

}  // namespace

TEST_CASE("vectors of numpy, FAISS, Arrow and clip-retrieval become the unit vectors that numpy computes") {
  const auto [name, by] = GENERATE(table<std::string, std::string>({{"fp16.npy", "order"},
                                                                    {"fp32.npy", "order"},
                                                                    {"fp64.npy", "order"},
                                                                    {"stored.npz", "order"},
                                                                    {"deflated.npz", "order"},
                                                                    {"vectors.fvecs", "order"},
                                                                    {"vectors.ivecs", "order"},
                                                                    {"parts", "order"},
                                                                    {"ids.jsonl", "id"},
                                                                    {"list.parquet", "id"},
                                                                    {"fixed16.parquet", "id"},
                                                                    {"fixed64.feather", "id"},
                                                                    {"stream.arrow", "id"},
                                                                    {"clip", "id"}}));
  const bool needs_arrow = by == "id" && name != "ids.jsonl";
  if (needs_arrow && !has_arrow()) SKIP("Apache Arrow was not built: -DMATCHER_ARROW_PYTHON");
  INFO(name);
  const cli::Folder work;
  const auto result = import(work, (data / name).string(), (data / "items.csv").string());
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK_THAT(result.out, ContainsSubstring(": 7 vectors of 5 dimensions as their-model, matched with the items by " +
                                           by + "; scaled to length 1 (they were "));
  const auto vectors = vectors_of(work / "set", 5);
  const auto expected = numbers_in(data / "unit.npy");
  REQUIRE(vectors.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    const auto& vector = vectors.at(fmt::format("photos/{}.jpg", i));
    for (std::size_t k = 0; k < 5; ++k) CHECK_THAT(vector[k], Catch::Matchers::WithinAbs(expected[i * 5 + k], 1e-7));
  }
}

TEST_CASE("an imported set is indexed, evaluated and joined like any other") {
  const cli::Folder work;
  REQUIRE(import(work, (data / "fp32.npy").string(), (data / "items.csv").string(), {"--model-note", "step 12"}).code ==
          0);
  const auto manifest = json::parse(cli::text_of(work / "set" / "manifest.json"));
  CHECK(manifest["schema"] == "matcher.embeddings/1");
  CHECK(manifest["model"]["name"] == "their-model");
  CHECK(manifest["model"]["precision"] == "imported");
  CHECK(manifest["dataset"]["split"] == "all");
  const auto index = cli::run(
      {"--quiet", "--workdir", work.str("w"), "index", "--embeddings", work.str("set"), "--output", work.str("index")});
  INFO(index.err);
  REQUIRE(index.code == 0);
  for (const auto& more : {std::vector<std::string>{}, {"--index", work.str("index")}}) {
    std::vector<std::string> arguments{"--quiet",      "--workdir",     work.str("w"), "eval",
                                       "--embeddings", work.str("set"), "--format",    "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto eval = cli::run(arguments);
    INFO(eval.err);
    REQUIRE(eval.code == 0);
    const auto report = json::parse(eval.out);
    CHECK(report["dataset"]["gallery"] == 4);
    CHECK(report["dataset"]["queries"] == 3);
    CHECK(report["model"]["name"] == "their-model");
  }
}

TEST_CASE("vectors of matcher that are imported measure the same, and every command takes them") {
  const cli::Folder work;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--quiet", "--workdir", work.str("w")});
    auto result = cli::run(arguments);
    INFO(result.err);
    CHECK(result.code == 0);
    return result.out;
  };
  run({"embed", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str("own")});
  const auto data_of_own = json::parse(cli::text_of(work / "own/manifest.json"))["dataset"];
  const auto name = data_of_own["name"].get<std::string>(), protocol = data_of_own["protocol"].get<std::string>();
  REQUIRE(import(work, work.str("own/vectors.npy"), work.str("own/items.csv"),
                 {"--dataset-name", name, "--protocol", protocol})
              .code == 0);
  const auto evaluate = [&](const std::string& set, const std::string& folder) {
    return json::parse(run({"eval", "--embeddings", work.str(set), "--output", work.str(folder), "--format", "json"}));
  };
  const auto own = evaluate("own", "run-own"), imported = evaluate("set", "run-imported");
  CHECK(imported["metrics"] == own["metrics"]);
  CHECK_THAT(run({"compare", work.str("run-own"), work.str("run-imported")}), ContainsSubstring("their-model"));
  CHECK_THAT(run({"fuse", work.str("run-own"), work.str("run-imported"), "--method", "rrf"}),
             ContainsSubstring("their-model"));
  const auto audit = json::parse(run({"audit", "--embeddings", work.str("set"), "--format", "json"}));
  CHECK(audit["dataset"]["looked_at"].get<std::size_t>() == audit["suspects"].size());
  CHECK(audit["model"]["name"] == "their-model");
}

TEST_CASE("adapt learns on imported vectors if their model is named") {
  const cli::Folder work;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--quiet", "--workdir", work.str("w")});
    return cli::run(arguments);
  };
  REQUIRE(run({"embed", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str("own")}).code == 0);
  REQUIRE(import(work, work.str("own/vectors.npy"), work.str("own/items.csv")).code == 0);
  const auto without = run({"adapt", "shop", "--embeddings", work.str("set")});
  CHECK(without.code == 2);
  CHECK_THAT(without.err,
             ContainsSubstring("the embedding sets were imported as their-model (384-d, imported, ") &&
                 ContainsSubstring("so matcher does not know the model that made them. Name it: --model M"));
  const auto other = run({"adapt", "shop", "--embeddings", work.str("set"), "--model", "gradient-layout"});
  CHECK(other.code == 4);
  const auto named = run({"adapt", "shop", "--embeddings", work.str("set"), "--model", "colour-layout"});
  INFO(named.err);
  CHECK(named.code == 0);
  const auto own = run({"adapt", "shop2", "--embeddings", work.str("own"), "--model", "colour-layout"});
  CHECK(own.code == 2);
  CHECK_THAT(own.err, ContainsSubstring("--model colour-layout is for imported embedding sets, but colour-layout ("));
}

TEST_CASE("the fingerprint of imported vectors follows from the name, the bytes and the note") {
  const cli::Folder work;
  const auto fingerprint = [&](const std::string& vectors, const std::string& note) {
    const auto result = import(work, (data / vectors).string(), (data / "items.csv").string(), {"--model-note", note});
    REQUIRE(result.code == 0);
    return json::parse(cli::text_of(work / "set" / "manifest.json"))["model"]["fingerprint"].get<std::string>();
  };
  const auto first = fingerprint("fp32.npy", "a");
  CHECK(fingerprint("fp32.npy", "a") == first);
  CHECK(fingerprint("fp16.npy", "a") == first);  // the same numbers
  CHECK(fingerprint("fp32.npy", "b") != first);
  CHECK(fingerprint("vectors.ivecs", "a") != first);
}

TEST_CASE("two imports join if the user says that one model made both") {
  const cli::Folder work;
  cli::write(work / "a.npy", npy("<f4", "(2, 2)", {1, 0, 0, 1}));
  cli::write(work / "a.csv", "id,label\na,x\nb,y\n");
  cli::write(work / "b.npy", npy("<f4", "(1, 2)", {1, 0.1F}));
  cli::write(work / "b.csv", "id,label,role\nc,x,queries\n");
  REQUIRE(import(work, work.str("a.npy"), work.str("a.csv")).code == 0);
  cli::fs::rename(work / "set", work / "gallery");
  const auto eval = [&] {
    return cli::run({"--quiet", "--workdir", work.str("w"), "eval", "--embeddings", work.str("gallery"), "--embeddings",
                     work.str("set"), "--format", "json"});
  };
  REQUIRE(import(work, work.str("b.npy"), work.str("b.csv")).code == 0);
  CHECK(eval().code == 4);
  const auto joined = import(work, work.str("b.npy"), work.str("b.csv"), {"--same-model-as", work.str("gallery")});
  INFO(joined.err);
  REQUIRE(joined.code == 0);
  const auto measured = eval();
  INFO(measured.err);
  REQUIRE(measured.code == 0);
  CHECK(json::parse(measured.out)["metrics"]["top1"]["value"] == 1.0);
}

TEST_CASE("query refuses imported vectors unless a model of their dimension is named") {
  const cli::Folder work;
  std::vector<float> numbers(2 * 384, 0.5F);
  numbers[0] = 3;
  cli::write(work / "v.npy", npy("<f4", "(2, 384)", numbers));
  cli::write(work / "v.csv", "id,label\na,x\nb,y\n");
  REQUIRE(import(work, work.str("v.npy"), work.str("v.csv")).code == 0);
  REQUIRE(cli::run({"--quiet", "--workdir", work.str("w"), "index", "--embeddings", work.str("set"), "--output",
                    work.str("index")})
              .code == 0);
  std::string photo;
  for (const auto& entry : cli::fs::recursive_directory_iterator(cli::demo()))
    if (entry.path().extension() == ".png" || entry.path().extension() == ".jpg") photo = entry.path().string();
  const auto query = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--workdir", work.str("w"), "query", "--index", work.str("index"), photo});
    return cli::run(more);
  };
  const auto without = query({});
  CHECK(without.code == 2);
  CHECK_THAT(without.err,
             ContainsSubstring(fmt::format(
                 "the vectors of index \"{}\" were imported as their-model (384-d, imported, ", work.str("index"))));
  CHECK_THAT(without.err, ContainsSubstring("so matcher does not know the model that made them. Name it: --model M"));
  const auto named = query({"--model", "colour-layout"});
  INFO(named.err);
  CHECK(named.code == 0);
  CHECK_THAT(named.err, ContainsSubstring("were imported as their-model: nothing proves that colour-layout made them. "
                                          "The dimensions agree (384)"));
  const auto other = query({"--model", "gradient-layout"});
  CHECK(other.code == 4);
  CHECK_THAT(other.err,
             ContainsSubstring("holds imported vectors of 384 dimensions (their-model), but gradient-layout gives "));
}

TEST_CASE("vectors that cannot be imported are named by file and row, and nothing is written") {
  const cli::Folder work;
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  const auto v = work.str("v.npy"), items = work.str("items.csv");
  cli::write(items, "id,label\na,x\nb,y\n");
  const auto refuse = [&](const std::string& bytes, const std::string& sentence) {
    cli::write(v, bytes);
    refused(import(work, v, items), 3, sentence);
    CHECK(!cli::fs::exists(work / "set"));
    CHECK(!cli::fs::exists(work / "set.partial"));
  };
  refuse(npy("<f4", "(2, 2)", {1, 2, nan, 1}),
         fmt::format("\"{}\", row 1 (from 0): the vector holds NaN or infinity. Make it again, or remove it", v));
  refuse(npy("<f4", "(2, 2)", {1, 2, 0, 0}),
         fmt::format("\"{}\", row 1 (from 0): the vector is zero, so it has no direction. Make it again, or remove it",
                     v));
  refuse(npy("<f4", "(3, 2)", {1, 2, 3, 4, 5, 6}),
         fmt::format("\"{}\" has 2 items, but the number of vectors is 3. Without ids they are matched by order, so "
                     "give one row per vector",
                     items));
  refuse(npy("<f4", "(1, 2)", {1, 2}),
         fmt::format("\"{}\" has 2 items, but the number of vectors is 1. Without ids they are matched by order, so "
                     "give one row per vector",
                     items));
  refuse(npy("<f4", "(2, 2)", {1, 2, 3}), fmt::format("\"{}\" is truncated: it has 1 of 2 vectors. Copy it again", v));
  refuse(npy("<i8", "(2, 2)", {1, 2, 3, 4}),
         fmt::format("\"{}\" holds numbers of type '<i8', not float16, float32 or float64 in little-endian order. Save "
                     "it again with numpy.save, as float32",
                     v));
  refuse(npy("<f4", "(1, 2, 2)", {1, 2, 3, 4}),
         fmt::format("\"{}\" has the shape [1, 2, 2], but vectors have the shape [number, dimension]. Save them with "
                     "numpy.save as one array of two axes",
                     v));
  refuse(npy("<f4", "(2, 2)", {1, 2, 3, 4, 5}),
         fmt::format("\"{}\" goes on after its 2 vectors. Save each array in a file of its own, with numpy.save", v));
  refuse("not numpy", fmt::format("\"{}\" is not a .npy file. Save it again with numpy.save, as float32", v));
}

TEST_CASE("ids that do not agree are named by file and line") {
  const cli::Folder work;
  const auto lines = work.str("v.jsonl"), items = work.str("items.csv");
  cli::write(items, "id,label\na,x\nb,y\n");
  const auto refuse = [&](const std::string& text, const std::string& sentence) {
    cli::write(lines, text);
    refused(import(work, lines, items), 3, sentence);
    CHECK(!cli::fs::exists(work / "set"));
  };
  refuse("{\"id\": \"a\", \"embedding\": [1, 2]}\n\n{\"id\": \"a\", \"embedding\": [1, 2]}\n",
         fmt::format("{}:3: the id \"a\" is used already by {}:1. Use each id once", lines, lines));
  refuse("{\"id\": \"c\", \"embedding\": [1, 2]}\n",
         fmt::format("{}:1: the id \"c\" is not in \"{}\". Add its row, or remove the vector", lines, items));
  refuse("{\"id\": \"a\", \"embedding\": [1, 2]}\n",
         fmt::format("{}:3: no vector has the id \"b\" (1 of 2 items have none). Remove the rows, or add their vectors",
                     items));
  const std::string form = ". Write an object per line, such as {\"id\": \"a.jpg\", \"embedding\": [0.1, 0.2]}";
  refuse("{\"id\": \"a\", \"embedding\": [1, 2]}\n{\"id\": \"b\", \"embedding\": [1, 2, 3]}\n",
         fmt::format("{}:2: the array \"embedding\" has 3 numbers, but the first one has 2{}", lines, form));
  refuse("{\"id\": \"a\"}\n", fmt::format("{}:1: the object has no array called \"embedding\"{}", lines, form));
  refuse("[1, 2]\n", fmt::format("{}:1: the line is not an object{}", lines, form));
  refuse("1.5, 2\n", fmt::format("{}:1: the line is not JSON{}", lines, form));
  refuse("{\"id\": \"a\", \"embedding\": [1, null]}\n",
         fmt::format("{}:1: the array \"embedding\" holds null, not a number{}", lines, form));
  cli::write(items, "id,label\na,x\na,y\n");
  refuse("{\"id\": \"a\", \"embedding\": [1, 2]}\n",
         fmt::format("{}:3: {}:2 already uses the id \"a\". An id must be unique within the gallery", items, items));
  cli::write(items, "id,label,role\na,x,gallery\nb,y,probe\n");
  refuse("", fmt::format("{}:3: unknown role \"probe\". Write gallery or queries, or leave it empty", items));
}

TEST_CASE("files and folders without usable vectors are refused with the next step") {
  const cli::Folder work;
  const auto items = work.str("items.csv");
  cli::write(items, "id,label\na,x\nb,y\n");
  const auto kinds = ".npy, .npz, .jsonl, .ndjson, .fvecs, .ivecs, .parquet, .arrow, .feather";
  refused(import(work, work.str("none.npy"), items), 3,
          fmt::format("\"{}\" does not exist. Give a file of vectors ({}), or a folder of them", work.str("none.npy"),
                      kinds));
  cli::write(work / "v.pt", "x");
  refused(import(work, work.str("v.pt"), items), 3,
          fmt::format("\"{}\" is not a file of vectors that matcher reads: its name ends with none of {}. Save the "
                      "vectors with numpy.save",
                      work.str("v.pt"), kinds));
  cli::fs::create_directory(work / "folder");
  refused(import(work, work.str("folder"), items), 3,
          fmt::format("\"{}\" holds no vectors: no file ends with {}, and it has no folder img_emb. Give a folder with "
                      "such files, or one file",
                      work.str("folder"), kinds));
  cli::write(work / "folder/a.npy", npy("<f4", "(1, 2)", {1, 2}));
  cli::write(work / "folder/b.npy", npy("<f4", "(1, 3)", {1, 2, 3}));
  refused(import(work, work.str("folder"), items), 3,
          fmt::format("\"{}\", row 0 (from 0): the vector has 3 dimensions, but those before it have 2",
                      work.str("folder/b.npy")));
  cli::write(work / "folder/c.fvecs", "x");
  refused(import(work, work.str("folder"), items), 3,
          fmt::format("\"{}\" holds files of more than one kind of vectors (.fvecs and .npy). Give one file, or a "
                      "folder of one kind",
                      work.str("folder")));
  cli::write(work / "v.fvecs", std::string("\2\0\0\0", 4) + std::string(8, 'a') + std::string("\2\0\0\0aa", 6));
  refused(import(work, work.str("v.fvecs"), items), 3,
          fmt::format("\"{}\", row 1: the file is truncated. Write it again, or copy it again", work.str("v.fvecs")));
  cli::write(work / "v.npz", "not a zip");
  refused(import(work, work.str("v.npz"), items), 3,
          fmt::format("\"{}\" is not an archive of numpy.savez, or is damaged (it has no list of records at its end). "
                      "Save it again with numpy.savez",
                      work.str("v.npz")));
  auto damaged = cli::text_of(data / "deflated.npz");
  damaged[160] = char(damaged[160] ^ 0x55);
  cli::write(work / "v.npz", damaged);
  const auto flipped = import(work, work.str("v.npz"), (data / "items.csv").string());
  CHECK(flipped.code == 3);
  CHECK_THAT(flipped.err, ContainsSubstring("is not an archive of numpy.savez, or is damaged ("));
  cli::write(work / "v.fvecs", "");
  refused(import(work, work.str("v.fvecs"), items), 3, fmt::format("\"{}\" holds no vectors", work.str("v.fvecs")));
  cli::write(work / "v.npy", npy("<f4", "(1, 2)", {1, 2}));
  cli::write(items, "label\nx\n");
  refused(import(work, work.str("v.npy"), items), 3,
          fmt::format("{}:1: no column \"id\". The columns are: label", items));
}

TEST_CASE("without Apache Arrow one sentence says what to install") {
  const cli::Folder work;
  const auto file = (data / "list.parquet").string();
  const auto result = cli::run({"--quiet", "--workdir", work.str("w"), "import", file, "--items",
                                (data / "items.csv").string(), "--name", "n", "--output", work.str("set")},
                               {"MATCHER_PLUGIN_PATH=" + work.str("empty")});
  refused(
      result, 5,
      fmt::format("\"{}\" needs Apache Arrow, which this matcher was built without. Install it (pip install pyarrow) "
                  "and build matcher with -DMATCHER_ARROW_PYTHON=python3, or save the vectors as .npy",
                  file));
}

TEST_CASE("a Parquet file that is damaged, or without vectors, is refused with the reason") {
  if (!has_arrow()) SKIP("Apache Arrow was not built: -DMATCHER_ARROW_PYTHON");
  const cli::Folder work;
  const auto items = (data / "items.csv").string();
  cli::write(work / "v.parquet", "not parquet");
  const auto damaged = import(work, work.str("v.parquet"), items);
  CHECK(damaged.code == 3);
  CHECK_THAT(damaged.err, ContainsSubstring(fmt::format("\"{}\" cannot be used: ", work.str("v.parquet"))));
  const auto ids_only = (data / "clip/metadata/metadata_0.parquet").string();
  refused(import(work, ids_only, items), 3,
          fmt::format("\"{}\" cannot be used: no column holds lists of floating-point numbers, and none of them is "
                      "called embedding; its columns are: image_path (string), caption (string)",
                      ids_only));
}

TEST_CASE("imports of other sets and missing notes are checked before vectors are read") {
  const cli::Folder work;
  const auto items = (data / "items.csv").string(), vectors = (data / "fp32.npy").string();
  REQUIRE(import(work, vectors, items).code == 0);
  const auto other = cli::run({"--quiet", "--workdir", work.str("w"), "import", vectors, "--items", items, "--name",
                               "other", "--same-model-as", work.str("set")});
  refused(
      other, 4,
      fmt::format("--same-model-as \"{}\" has the name \"their-model\", but --name is \"other\". Give both the same "
                  "name",
                  work.str("set")));
}
