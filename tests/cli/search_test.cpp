#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

std::vector<std::string> with_work(const cli::Folder& work, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--workdir", work.str("w")});
  return arguments;
}

cli::Result index(const cli::Folder& work, const std::string& model, const std::string& output,
                  const std::string& type = "auto") {
  return cli::run(with_work(
      work, {"index", "--model", model, "--dataset", cli::demo(), "--output", work.str(output), "--type", type}));
}

std::string first_photo() { return cli::demo() + "/gallery/p0001/1.jpg"; }

}  // namespace

TEST_CASE("a gallery photo finds itself, products once each") {
  const cli::Folder work;
  const auto built = index(work, "gradient-layout", "shelf");
  INFO(built.err);
  REQUIRE(built.code == 0);
  CHECK_THAT(built.out, ContainsSubstring("24 items"));
  const auto result =
      cli::run(with_work(work, {"query", "--index", work.str("shelf"), "--format", "json", first_photo()}));
  REQUIRE(result.code == 0);
  const auto answers = json::parse(result.out).at("queries").at(0).at("answers");
  REQUIRE(answers.size() == 5);
  CHECK(answers[0]["label"] == "p0001");
  CHECK_THAT(answers[0]["score"].get<double>(), Catch::Matchers::WithinAbs(1, 1e-5));
  std::set<std::string> labels;
  for (const auto& answer : answers) labels.insert(answer["label"]);
  CHECK(labels.size() == 5);
}

TEST_CASE("asking for more than there is gives all and says so") {
  const cli::Folder work;
  REQUIRE(index(work, "colour-layout", "shelf").code == 0);
  const auto result = cli::run(
      with_work(work, {"query", "--index", work.str("shelf"), "--top-k", "99", "--format", "csv", first_photo()}));
  CHECK(result.code == 0);
  CHECK_THAT(result.err, ContainsSubstring("--top-k 99 is more than the 12 products of the index; all are returned"));
  CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 13);
}

TEST_CASE("a photo that cannot be read is named, the others are answered") {
  const cli::Folder work;
  REQUIRE(index(work, "colour-layout", "shelf").code == 0);
  cli::write(work / "broken.jpg", "not a picture");
  const auto result = cli::run(with_work(
      work, {"query", "--index", work.str("shelf"), work.str("broken.jpg"), work.str("missing.jpg"), first_photo()}));
  CHECK(result.code == 3);
  CHECK_THAT(result.err, ContainsSubstring("no answers for \"" + work.str("broken.jpg") +
                                           "\": not an image, but text. Replace it with "
                                           "the image, or remove it\n") &&
                             ContainsSubstring("cannot open \"" + work.str("missing.jpg") +
                                               "\": No such file or directory. Correct the path\n"));
  CHECK_THAT(result.out, ContainsSubstring("p0001"));
}

TEST_CASE("if no photo can be read, no table is printed; JSON has the reasons") {
  const cli::Folder work;
  REQUIRE(index(work, "colour-layout", "shelf").code == 0);
  cli::write(work / "cut.jpg", cli::text_of(first_photo()).substr(0, 200));
  const auto query_as = [&](const std::string& format) {
    return cli::run(with_work(
        work, {"query", "--index", work.str("shelf"), "--format", format, work.str("cut.jpg"), work.str("gone.jpg")}));
  };
  for (const char* format : {"table", "markdown", "csv", "latex"}) {
    const auto result = query_as(format);
    CHECK(result.code == 3);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, ContainsSubstring("no answers for \"" + work.str("cut.jpg") + "\": "));
  }
  const auto answers = json::parse(query_as("json").out);
  CHECK(answers["queries"].size() == 2);
  CHECK_FALSE(answers["queries"][0]["error"].get<std::string>().empty());
}

TEST_CASE("an index of another model is refused, naming both") {
  const cli::Folder work;
  REQUIRE(index(work, "colour-layout", "shelf").code == 0);
  const auto result =
      cli::run(with_work(work, {"query", "--index", work.str("shelf"), "--model", "gradient-layout", first_photo()}));
  CHECK(result.code == 4);
  CHECK_THAT(result.err, ContainsSubstring("was built by colour-layout") && ContainsSubstring("from gradient-layout") &&
                             ContainsSubstring("matcher index --model gradient-layout"));
  const auto eval = cli::run(
      with_work(work, {"eval", "--index", work.str("shelf"), "--model", "gradient-layout", "--dataset", cli::demo()}));
  CHECK(eval.code == 4);
}

TEST_CASE("a damaged or missing index is refused with the command that builds it") {
  const cli::Folder work;
  REQUIRE(index(work, "colour-layout", "shelf").code == 0);
  const auto query = [&](const char* folder) {
    return cli::run(with_work(work, {"query", "--index", work.str(folder), first_photo()}));
  };
  const auto file = work / "shelf" / "index.faiss";
  const auto bytes = cli::text_of(file);
  cli::write(file, bytes.substr(0, bytes.size() / 2));
  const auto damaged = query("shelf");
  CHECK(damaged.code == 3);
  CHECK(damaged.out.empty());
  CHECK_THAT(damaged.err, StartsWith("matcher: error: index file \"" + file.string() + "\" is damaged (") &&
                              ContainsSubstring("--model M --dataset D --output " + work.str("shelf")));
  cli::fs::remove(file);
  CHECK_THAT(query("shelf").err, StartsWith("matcher: error: index file \"" + file.string() + "\" does not exist"));
  const auto missing = query("nothing");
  CHECK(missing.code == 3);
  CHECK(missing.err == "matcher: error: there is no index at \"" + work.str("nothing") +
                           "\": the folder does not exist. Build it: matcher index --model M --dataset D --output " +
                           work.str("nothing") + "\n");
}

TEST_CASE("a file of another index, a changed item and a damaged previous index are refused and named") {
  const cli::Folder work;
  const auto shelf = work.str("shelf");
  REQUIRE(index(work, "colour-layout", "shelf").code == 0);
  REQUIRE(cli::run(with_work(work, {"index", "--model", "colour-layout", "--dataset", cli::demo(), "--split", "queries",
                                    "--output", work.str("other")}))
              .code == 0);
  const auto query = [&] { return cli::run(with_work(work, {"query", "--index", shelf, first_photo()})); };
  const auto file = work / "shelf" / "index.faiss", items = work / "shelf" / "items.csv";
  const auto vectors = cli::text_of(file), rows = cli::text_of(items);
  cli::write(file, cli::text_of(work / "other" / "index.faiss"));
  CHECK(query().code == 4);
  CHECK_THAT(
      query().err,
      StartsWith("matcher: error: index file \"" + file.string() + "\" belongs to another index: its hash is ") &&
          ContainsSubstring("; rebuild it with: matcher index --model M --dataset D --output " + shelf));
  cli::write(file, vectors);
  auto changed = rows;
  changed[rows.size() / 2] = char(changed[rows.size() / 2] ^ 1);
  cli::write(items, changed);
  CHECK(query().code == 4);
  CHECK_THAT(query().err, StartsWith("matcher: error: \"" + items.string() +
                                     "\" is damaged, or belongs to another index: its hash is "));
  cli::write(items, rows);
  REQUIRE(index(work, "gradient-layout", "shelf").code == 0);
  cli::write(work / "shelf.previous" / "index.faiss", vectors.substr(0, 100));
  const auto back = cli::run(with_work(work, {"index", "--output", shelf, "--rollback"}));
  CHECK(back.code == 3);
  CHECK_THAT(back.err,
             StartsWith("matcher: error: cannot restore \"" + shelf + "\", which stays as it is: index file \"" +
                        shelf + ".previous/index.faiss\" is damaged ("));
  CHECK(query().code == 0);
}

TEST_CASE("eval writes a run whose json is what it prints") {
  const cli::Folder work;
  const auto result = cli::run(with_work(work, {"--quiet", "eval", "--model", "colour-layout", "--dataset", cli::demo(),
                                                "--output", work.str("run"), "--format", "json"}));
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK(result.err.empty());
  CHECK(result.out == cli::text_of(work / "run" / "report.json"));
  const auto report = json::parse(result.out);
  CHECK(report["schema"] == "matcher.report/1");
  CHECK(report["dataset"]["gallery"] == 24);
  CHECK(report["dataset"]["queries"] == 28);
  CHECK(report["dataset"]["unknown_queries"] == 4);
  for (const char* metric : {"top1", "top5", "top10", "mrr", "map"}) {
    const auto m = report["metrics"][metric];
    CHECK(m["low"] <= m["value"]);
    CHECK(m["value"] <= m["high"]);
  }
  for (const char* file : {"queries.jsonl", "run.trec", "qrels.trec", "manifest.json"})
    CHECK(cli::fs::exists(work / "run" / file));
}

TEST_CASE("fail-below ends with 6") {
  const cli::Folder work;
  const auto gate = [&](const char* bound) {
    return cli::run(
        with_work(work, {"eval", "--model", "colour-layout", "--dataset", cli::demo(), "--fail-below", bound}));
  };
  const auto failed = gate("top1=1.0,map=1.0");
  CHECK(failed.code == 6);
  CHECK_THAT(failed.err, ContainsSubstring("gate failed: "));
  CHECK(gate("top1=0.0").code == 0);
  CHECK(gate("top1").code == 2);
  CHECK(gate("top7=0.5").code == 2);
}

TEST_CASE("compare shows models, their ensemble and the gain over the baseline") {
  const cli::Folder work;
  const auto result = cli::run(
      with_work(work, {"compare", "--models", "colour-layout,gradient-layout,colour-layout:0.6+gradient-layout:0.4",
                       "--dataset", cli::demo(), "--format", "json"}));
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto comparison = json::parse(result.out);
  CHECK(comparison["schema"] == "matcher.comparison/1");
  CHECK(comparison["baseline"] == "colour-layout");
  const auto& rows = comparison["rows"];
  REQUIRE(rows.size() == 3);
  CHECK(rows[0]["gain"].empty());
  CHECK(rows[2]["model"]["dimension"].get<int>() ==
        rows[0]["model"]["dimension"].get<int>() + rows[1]["model"]["dimension"].get<int>());
  const double difference =
      rows[1]["metrics"]["top1"]["value"].get<double>() - rows[0]["metrics"]["top1"]["value"].get<double>();
  CHECK_THAT(rows[1]["gain"]["top1"]["value"].get<double>(), Catch::Matchers::WithinAbs(difference, 1e-12));
}

TEST_CASE("runs of different data are not compared") {
  const cli::Folder work;
  const auto other = work.str("other");
  REQUIRE(
      cli::run({"--output", other, "--products", "5", "--size", "64", "--seed", "9"}, {}, MATCHER_DEMO_PHOTOS).code ==
      0);
  REQUIRE(cli::run(with_work(work,
                             {"eval", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str("a")}))
              .code == 0);
  REQUIRE(cli::run(with_work(work, {"eval", "--model", "colour-layout", "--dataset", other, "--output", work.str("b")}))
              .code == 0);
  const auto result = cli::run({"compare", work.str("a"), work.str("b")});
  CHECK(result.code == 4);
  CHECK_THAT(result.err, ContainsSubstring("cannot compare the runs \"" + work.str("a") + "\" and \"" + work.str("b") +
                                           "\": their protocols"));
  CHECK(cli::run({"compare", work.str("a"), work.str("a")}).code == 0);
}

/// Makes a run that of an older version, without hashes, so that it may be changed.
void forget_hashes(const cli::fs::path& run) {
  auto manifest = json::parse(cli::text_of(run / "manifest.json"));
  for (const char* key : {"files", "sum"}) REQUIRE(manifest.erase(key) == 1);
  cli::write(run / "manifest.json", manifest.dump(2) + "\n");
}

TEST_CASE("every reader of a run notices a changed digit") {
  const cli::Folder work;
  for (const char* run : {"a", "b"}) {
    REQUIRE(cli::run(with_work(work, {"eval", "--model", "colour-layout", "--dataset", cli::demo(), "--output",
                                      work.str(run)}))
                .code == 0);
  }
  const auto refused = [&](const std::string& file, std::vector<std::string> arguments) {
    INFO(file << ", " << arguments[0]);
    const auto text = cli::text_of(work / file);
    auto changed = text;
    auto& digit = changed.at(changed.find("0.") + 2);
    digit = digit == '5' ? '6' : '5';
    cli::write(work / file, changed);
    const auto result = cli::run(with_work(work, arguments));
    CHECK(result.code == 3);
    CHECK(result.out.empty());
    CHECK_THAT(result.err,
               ContainsSubstring("error: \"" + work.str(file) + "\" is damaged: its hash is ") &&
                   ContainsSubstring(". Make the run again: matcher eval --model colour-layout --dataset ") &&
                   ContainsSubstring("--output " + work.str("b") + "\n"));
    cli::write(work / file, text);
  };
  const auto a = work.str("a"), b = work.str("b");
  for (const std::string file : {"b/report.json", "b/queries.jsonl", "b/run.trec"}) {
    refused(file, {"eval", "--run", b});
    refused(file, {"compare", a, b});
    refused(file, {"compare", b, "--baseline", a, "--max-drop", "top1=0.01"});
    refused(file, {"compare", a, b, "--format", "html", "--write-to", work.str("page.html")});
    refused(file, {"fuse", a, b, "--output", work.str("fused")});
  }
  CHECK_FALSE(cli::fs::exists(work / "page.html"));
  CHECK_FALSE(cli::fs::exists(work / "fused"));
}

TEST_CASE("a gate passes, fails or cannot decide, by exit code and JSON") {
  const cli::Folder work;
  const auto eval = [&](const char* model, const char* run) {
    REQUIRE(cli::run(with_work(work, {"eval", "--model", model, "--dataset", cli::demo(), "--output", work.str(run)}))
                .code == 0);
  };
  eval("gradient-layout", "good");
  eval("gradient-layout", "again");
  eval("colour-layout", "other");
  const auto gate = [&](const char* run, const char* base, const char* margin) {
    return cli::run({"compare", work.str(run), "--baseline", work.str(base), "--max-drop", margin, "--format", "json",
                     "--junit", work.str("gate.xml"), "--summary", work.str("gate.md")});
  };
  const auto same = gate("again", "good", "top1=0.01,mrr=0");
  CHECK(same.code == 0);
  CHECK(json::parse(same.out)["gate"]["verdict"] == "pass");
  const auto open = gate("good", "other", "top1=0.3");  // 24 queries cannot decide about a drop near the margin
  CHECK(open.code == 7);
  CHECK(json::parse(open.out)["gate"]["verdict"] == "undecided");
  const auto better = gate("other", "good", "top1=0.01");
  CHECK(better.code == 0);
  CHECK(json::parse(better.out)["gate"]["verdict"] == "pass");
  CHECK_THAT(cli::text_of(work / "gate.xml"), ContainsSubstring("<testsuites") && ContainsSubstring("tests=\"1\""));
  CHECK_THAT(cli::text_of(work / "gate.md"), ContainsSubstring("### matcher compare: pass"));
  CHECK(gate("again", "good", "top1").code == 2);
  CHECK(gate("again", "good", "top7=0.1").code == 2);
  forget_hashes(work / "again");
  auto lines = cli::text_of(work / "again" / "queries.jsonl");
  const std::string first_right = "\"right\":[1";
  for (std::size_t at = 0; (at = lines.find(first_right, at)) != std::string::npos;) {
    const auto next = at + first_right.size();
    if (lines[next] == ',' || lines[next] == ']') lines.erase(next - 1, lines[next] == ',' ? 2 : 1);
    at = next;
  }
  cli::write(work / "again" / "queries.jsonl", lines);
  const auto worse = gate("again", "good", "top1=0.01");
  CHECK(worse.code == 6);
  CHECK(json::parse(worse.out)["gate"]["verdict"] == "fail");
  auto report = cli::text_of(work / "again" / "report.json");
  report.replace(report.find("\"protocol\": \""), 13, "\"protocol\": \"another, ");
  cli::write(work / "again" / "report.json", report);
  const auto refused = gate("again", "good", "top1=0.01");
  CHECK(refused.code == 4);
  CHECK_THAT(refused.err, ContainsSubstring("their protocols are"));
}

TEST_CASE("a baseline that does not exist is refused with the command that makes it") {
  const cli::Folder work;
  REQUIRE(cli::run(with_work(work, {"eval", "--model", "colour-layout", "--dataset", cli::demo(), "--output",
                                    work.str("tonight")}))
              .code == 0);
  const auto refused = [&](const std::string& baseline) {
    const auto result = cli::run({"compare", work.str("tonight"), "--baseline", baseline, "--max-drop", "top1=0.01"});
    CHECK(result.code == 3);
    return result.err;
  };
  for (const auto& missing : {work.str("nights/reference"), std::string("reference"), std::string("nights:1")}) {
    CHECK(refused(missing) ==
          "matcher: error: --baseline \"" + missing +
              "\": there is no run in this folder, and no compared model has this name "
              "(colour-layout). Make a run that you accept the first reference: matcher eval --run " +
              work.str("tonight") + " --promote " + missing + "\n");
  }
  cli::fs::create_directories(work / "empty");
  CHECK(refused(work.str("empty")) == "matcher: error: \"" + work.str("empty") +
                                          "\" is not a complete run: manifest.json is missing. Make it: matcher eval "
                                          "--model M --dataset D --output " +
                                          work.str("empty") + "\n");
  const auto typo = cli::run(with_work(work, {"compare", "--models", "colour-layout,gradient-layout", "--dataset",
                                              cli::demo(), "--baseline", "colour-layuot"}));
  CHECK(typo.code == 2);
  CHECK_THAT(typo.err, ContainsSubstring("is neither among the compared models nor the folder of a run; did you mean "
                                         "\"colour-layout\"?"));
}

TEST_CASE("an ensemble's index answers its own queries") {
  const cli::Folder work;
  const auto built = index(work, "colour-layout:0.6+gradient-layout:0.4", "shelf", "hnsw");
  INFO(built.err);
  REQUIRE(built.code == 0);
  const auto result =
      cli::run(with_work(work, {"query", "--index", work.str("shelf"), "--format", "json", first_photo()}));
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK(json::parse(result.out)["queries"][0]["answers"][0]["label"] == "p0001");
}

TEST_CASE("a GPU that is asked to search does, or its absence is told") {
  const cli::Folder work;
  REQUIRE(cli::run(with_work(work, {"embed", "--model", "colour-layout", "--dataset", cli::demo(), "--split", "all",
                                    "--output", work.str("set")}))
              .code == 0);
  const auto evaluate = [&](const std::string& device) {
    return cli::run(with_work(work, {"eval", "--embeddings", work.str("set"), "--device", device, "--format", "csv",
                                     "--output", work.str("run-" + device)}));
  };
  const auto on_cpu = evaluate("cpu"), on_gpu = evaluate("cuda");
  INFO(on_gpu.err);
  REQUIRE(on_cpu.code == 0);
  if (on_gpu.code == 5) {  // built for GPUs, and there is none
    CHECK_THAT(on_gpu.err,
               ContainsSubstring("device cuda:0 is not available: ") && ContainsSubstring("use --device cpu"));
    return;
  }
  REQUIRE(on_gpu.code == 0);
  CHECK(cli::text_of(work / "run-cuda" / "run.trec") == cli::text_of(work / "run-cpu" / "run.trec"));
  if (on_gpu.err.find("the search runs on the CPU") == std::string::npos) return;  // built for GPUs, and there is one
  CHECK_THAT(on_gpu.err,
             ContainsSubstring("matcher: the search runs on the CPU: this matcher was built with a FAISS that "
                               "has no GPU support; scripts/build-faiss-gpu builds one that has\n"));
  const auto built = cli::run(with_work(work, {"index", "--embeddings", work.str("set"), "--type", "hnsw", "--device",
                                               "cuda", "--output", work.str("shelf")}));
  CHECK(built.code == 0);
  CHECK_THAT(built.err,
             ContainsSubstring("matcher: the index is built on the CPU: this matcher was built with a FAISS"));
}
