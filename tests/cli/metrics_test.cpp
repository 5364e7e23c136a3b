#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using Catch::Matchers::WithinAbs;
using nlohmann::json;

namespace {

const std::string trec_data = std::string(MATCHER_TEST_DATA) + "/eval/trec";

/// Evaluates the demo photos into the folder `run`.
cli::Result evaluated(const cli::Folder& work, std::vector<std::string> more) {
  std::vector<std::string> arguments{"--workdir",     work.str("w"), "--quiet",   "eval",     "--model",
                                     "colour-layout", "--dataset",   cli::demo(), "--output", work.str("run")};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return cli::run(arguments);
}

cli::Result again(const std::string& run, std::vector<std::string> more) {
  more.insert(more.begin(), {"eval", "--run", run});
  return cli::run(more);
}

/// A run of three queries: q1 is answered wrongly and then rightly, q2 not at all, q3 is not judged.
std::string small_trec(const cli::Folder& work, const std::string& name = "other") {
  cli::fs::create_directories(work / name);
  cli::write(work / name / "run.trec", "q1 Q0 b 1 0.5 milvus\nq1 Q0 a 2 0.4 milvus\nq3\tQ0\tb\t1\t7\tmilvus\r\n");
  cli::write(work / name / "qrels.trec", "q1 0 a 1\nq2 0 b 2\n\nq2 0 a 0\n");
  return work.str(name);
}

double value(const json& report, const std::string& metric) { return report.at("metrics").at(metric).at("value"); }

}  // namespace

TEST_CASE("the metrics of --metrics are in the report and measured per query") {
  const cli::Folder work;
  const auto result = evaluated(work, {"--metrics", "top1,precision10,recall10,rprec,ndcg,ndcg10", "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto report = nlohmann::ordered_json::parse(result.out);
  std::vector<std::string> names;
  for (const auto& [name, estimate] : report["metrics"].items()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"top1", "precision10", "recall10", "rprec", "ndcg", "ndcg10"});
  std::ifstream lines(work / "run" / "queries.jsonl");
  std::string line;
  REQUIRE(std::getline(lines, line));
  CHECK(json::parse(line)["metrics"].size() == 6);
  CHECK(json::parse(line)["metrics"].contains("ndcg10"));
}

TEST_CASE("unknown or repeated metrics, and those deeper than the answers, are refused") {
  const cli::Folder work;
  const auto refused = [&](std::vector<std::string> more, const std::string& message) {
    const auto result = evaluated(work, std::move(more));
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(result.err == "matcher: error: " + message + "\n");
  };
  refused({"--metrics", "tpo1"},
          "unknown metric \"tpo1\"; use ndcg, rprec, mrr, map, or with a k such as 10: top10, precision10, recall10, "
          "ndcg10");
  refused({"--metrics", "mrr,mrr"}, "metric \"mrr\" is given twice; name it once");
  refused({"--metrics", "ndcg200", "--depth", "150"},
          "--depth 150 keeps too few answers for ndcg200; use --depth 200 or more");
  refused({"--metrics", "mrr", "--fail-below", "top1=0.5"},
          "--fail-below names the metric \"top1\", which is not evaluated (mrr); add it to --metrics");
  CHECK(evaluated(work, {"--metrics", "mrr", "--k", "3"}).code == 2);
  CHECK_FALSE(cli::fs::exists(work / "run"));
}

TEST_CASE("a report says where accuracy is lost") {
  const cli::Folder work;
  const auto result = evaluated(work, {"--format", "json"});
  REQUIRE(result.code == 0);
  const auto report = json::parse(result.out);
  std::size_t queries = 0, wrong = 0, confused = 0;
  double right = 0;
  for (const auto& row : report["labels"]) {
    CHECK(row["gallery"] == 2);
    queries += row["queries"].get<std::size_t>();
    right += row["queries"].get<double>() * row["metrics"]["top1"]["value"].get<double>();
  }
  CHECK(report["labels"].size() == 12);
  CHECK(queries == 24);
  CHECK_THAT(right / 24, WithinAbs(value(report, "top1"), 1e-9));
  wrong = std::size_t(24 - right + 0.5);
  REQUIRE(wrong > 0);
  for (const auto& row : report["confused"]) {
    CHECK(row["label"] != row["answered"]);
    confused += row["count"].get<std::size_t>();
  }
  CHECK(confused == wrong);
  CHECK(report["left_out"] == json{{"labels", 0}, {"categories", 0}, {"confused", 0}});
}

TEST_CASE("a stored run says again what it said, and is left as it is") {
  const cli::Folder work;
  const auto first = evaluated(work, {"--format", "json"});
  REQUIRE(first.code == 0);
  const auto result = again(work.str("run"), {"--format", "json"});
  INFO(result.err);
  CHECK(result.code == 0);
  CHECK(result.out == first.out);
  const auto other = again(work.str("run"), {"--metrics", "recall5", "--format", "json"});
  CHECK(json::parse(other.out)["metrics"].size() == 1);
  CHECK(cli::text_of(work / "run" / "report.json") == first.out);
}

TEST_CASE("the files for TREC alone give the same metrics") {
  const cli::Folder work;
  const auto own = evaluated(work, {"--metrics", "top1,map,rprec,ndcg,recall20", "--format", "json"});
  REQUIRE(own.code == 0);
  for (const char* file : {"manifest.json", "report.json", "queries.jsonl"}) cli::fs::remove(work / "run" / file);
  const auto result = again(work.str("run"), {"--metrics", "top1,map,rprec,ndcg,recall20", "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK(json::parse(result.out)["metrics"] == json::parse(own.out)["metrics"]);
  CHECK(json::parse(result.out)["labels"].empty());
}

TEST_CASE("answers of another system are measured as trec_eval -c measures them") {
  std::ifstream in(std::string(MATCHER_TEST_DATA) + "/eval/trec.json");
  const auto expected = json::parse(in);
  REQUIRE(expected.size() > 30);
  std::string names;
  for (const auto& [name, unused] : expected[0].items())
    names += name == "query" ? "" : (names.empty() ? "" : ",") + name;
  const auto result = again(trec_data, {"--metrics", names, "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto report = json::parse(result.out);
  for (const auto& [name, estimate] : report["metrics"].items()) {
    double sum = 0;
    for (const auto& query : expected) sum += query.at(name).get<double>();
    INFO(name);
    CHECK_THAT(estimate["value"].get<double>(), WithinAbs(sum / double(expected.size()), 1e-6));
  }
  CHECK(report["metrics"].size() == 16);
  CHECK(report["model"]["name"] == "other-system");
  CHECK(report["dataset"]["name"] == "trec");
}

TEST_CASE("queries that are not answered count, those that are not judged do not") {
  const cli::Folder work;
  const auto result = again(small_trec(work), {"--metrics", "top1,mrr,top5", "--format", "json"});
  CHECK(result.code == 0);
  const auto report = json::parse(result.out);
  CHECK(value(report, "top1") == 0);
  CHECK(value(report, "mrr") == 0.25);
  CHECK(report["dataset"]["queries"] == 3);
  CHECK(report["dataset"]["unknown_queries"] == 1);
  CHECK(report["depth"] == 2);
  CHECK_THAT(result.err, ContainsSubstring("holds at most 2 answers per query, so top5 counts only these"));
  const auto table = again(work.str("other"), {});
  CHECK_THAT(table.out, StartsWith("milvus\nother: answers of run.trec judged by qrels.trec\n"
                                   "gallery: 2 items; queries: 3; answers kept: 2\n"));
  CHECK(again(work.str("other"), {"--by", "label"}).out.ends_with("the labels of the queries are unknown\n"));
}

TEST_CASE("gates hold for a stored run") {
  const cli::Folder work;
  const auto run = small_trec(work);
  CHECK(again(run, {"--fail-below", "mrr=0.25"}).code == 0);
  const auto failed = again(run, {"--fail-below", "mrr=0.26"});
  CHECK(failed.code == 6);
  CHECK_THAT(failed.err, ContainsSubstring("gate failed: mrr is 0.2500, below 0.26"));
}

TEST_CASE("a warning says that kept answers cut R-precision short") {
  const cli::Folder work;
  const auto run = small_trec(work);
  cli::write(work / "other" / "qrels.trec", "q1 0 a 1\nq1 0 c 1\nq1 0 d 1\nq2 0 b 1\n");
  CHECK_THAT(
      again(run, {"--metrics", "rprec"}).err,
      ContainsSubstring("rprec is too low: 1 of 3 queries have more right answers than the 2 that are kept per query"));
  CHECK(again(run, {"--metrics", "mrr"}).err ==
        "matcher: warning: 1 of the 3 queries of \"" + run + "\" have no answers and count as wrong\n");
}

TEST_CASE("other folders than runs are refused, with file and line") {
  const cli::Folder work;
  const auto refused = [&](const char* run, const char* qrels, const std::string& message) {
    const auto folder = small_trec(work);
    if (run) cli::write(work / "other" / "run.trec", run);
    if (qrels) cli::write(work / "other" / "qrels.trec", qrels);
    const auto result = again(folder, {});
    CHECK(result.code == 3);
    CHECK(result.out.empty());
    CHECK(result.err == "matcher: error: " + folder + message + "\n");
  };
  refused("q1 Q0 a 1 0.5\n", nullptr, "/run.trec:1: not 6 words; a line is: query Q0 item rank score tag");
  refused("q1 Q0 a 1 0.5 x\nq1 Q0 b 2 0.4 x y\n", nullptr,
          "/run.trec:2: not 6 words; a line is: query Q0 item rank score tag");
  refused("q1 Q0 a 1 best x\n", nullptr,
          "/run.trec:1: \"best\" is not a number; a line is: query Q0 item rank score tag");
  refused("q1 Q0 a 1 nan x\n", nullptr,
          "/run.trec:1: \"nan\" is not a number; a line is: query Q0 item rank score tag");
  refused(nullptr, "q1 0 a yes\n", "/qrels.trec:1: \"yes\" is not a whole number; a line is: query 0 item grade");
  refused("q1 Q0 a 1 2 x\nq1 Q0 a 2 1 x\n", nullptr,
          "/run.trec answers query \"q1\" with item \"a\" twice; remove one of the lines");
  const auto nothing = again(work.str("nothing"), {});
  CHECK(nothing.code == 3);
  CHECK(nothing.err == "matcher: error: there is no run at \"" + work.str("nothing") +
                           "\": the folder does not exist. Make it: matcher eval --model M --dataset D --output " +
                           work.str("nothing") + "\n");
  cli::write(work / "other" / "run.trec", "q1 Q0 a 1 2 x\n");
  cli::write(work / "other" / "qrels.trec", "q1 0 a 0\n");
  CHECK(again(work.str("other"), {}).err ==
        "matcher: error: none of the 1 queries of \"other\" has a right answer in the gallery; check "
        "the label column, or qrels.trec\n");
}

TEST_CASE("a damaged line of a stored run is named") {
  const cli::Folder work;
  REQUIRE(evaluated(work, {}).code == 0);
  const auto lines = cli::text_of(work / "run" / "queries.jsonl");
  const auto second = lines.find('\n') + 1;
  const auto refused = [&](const std::string& text) {
    cli::write(work / "run" / "queries.jsonl", text);
    const auto result = again(work.str("run"), {});
    CHECK(result.code == 3);
    CHECK_THAT(result.err, StartsWith("matcher: error: " + work.str("run/queries.jsonl") + ":2: damaged (") &&
                               ContainsSubstring("; evaluate again"));
  };
  refused(lines.substr(0, second + 40));
  refused(lines.substr(0, second) + "{\"label\": \"a\"}\n");
  refused(lines.substr(0, second) + R"({"label": "a", "relevant": 1, "right": [0], "answers": []})" + "\n");
  cli::write(work / "run" / "queries.jsonl", lines);
  auto report = cli::text_of(work / "run" / "report.json");
  auto& digit = report.at(report.find("\"value\": 0.") + 11);
  digit = digit == '7' ? '8' : '7';
  cli::write(work / "run" / "report.json", report);
  const auto flipped = again(work.str("run"), {});
  CHECK(flipped.code == 3);
  CHECK(flipped.out.empty());
  CHECK_THAT(flipped.err,
             StartsWith("matcher: error: \"" + work.str("run/report.json") + "\" is damaged: its hash is ") &&
                 EndsWith(". Make the run again: matcher eval --model colour-layout --dataset demo --output " +
                          work.str("run") + "\n"));
  cli::write(work / "run" / "manifest.json", "{");
  const auto result = again(work.str("run"), {});
  CHECK(result.code == 3);
  CHECK_THAT(result.err,
             StartsWith("matcher: error: \"" + work.str("run/manifest.json") + "\" is damaged: not valid JSON at "));
}

TEST_CASE("flags that make a run exclude --run") {
  const cli::Folder work;
  for (const char* flag : {"--model", "--dataset", "--index", "--output"}) {
    const auto result = again(small_trec(work), {flag, "x"});
    CHECK(result.code == 2);
    CHECK_THAT(result.err,
               ContainsSubstring("cannot be used with") && ContainsSubstring("--run") && ContainsSubstring(flag));
  }
}

TEST_CASE("tables by label, category and confusion have the same rows in every form") {
  const cli::Folder work;
  cli::fs::create_directories(work / "shop");
  for (const char* photo : {"1.jpg", "2.jpg"}) {
    cli::fs::copy(cli::demo() + "/gallery/p0001/" + photo, work / "shop" / ("a" + std::string(photo)));
    cli::fs::copy(cli::demo() + "/gallery/p0004/" + photo, work / "shop" / ("b" + std::string(photo)));
  }
  // The photos of two products with their labels exchanged among the queries: every answer is wrong.
  cli::write(work / "shop" / "items.csv",
             "path,label,split,category\na1.jpg,1,gallery,drinks & co\nb1.jpg,2,gallery,drinks & co\n"
             "a2.jpg,2,queries,drinks & co\nb2.jpg,1,queries,drinks & co\n");
  cli::write(work / "shop" / "names.csv", "label,name\n1,Tea_green\n2,Milk 3 %\n");
  cli::write(work / "shop" / "dataset.yaml",
             "name: shop\nroot: .\nsources:\n  - csv: items.csv\nlabels:\n  csv: names.csv\n");
  const auto table = [&](const char* by, const char* format) {
    const auto result = cli::run({"--workdir", work.str("w"), "--quiet", "eval", "--model", "colour-layout",
                                  "--dataset", work.str("shop"), "--k", "1", "--by", by, "--format", format});
    INFO(result.err);
    CHECK(result.code == 0);
    return result.out;
  };
  CHECK_THAT(table("label", "csv"),
             StartsWith("label,name,queries,gallery,top1,top1_low,top1_high,mrr,map\n1,Tea_green,1,1,0,0,0.79"));
  CHECK_THAT(table("category", "markdown"),
             ContainsSubstring("| drinks & co |       2 |       2 | 0.0 % | 0.0 % to 65.8 % |"));
  CHECK_THAT(table("confused", "table"), ContainsSubstring("Tea_green  Milk 3 %"));
  CHECK_THAT(table("confused", "latex"), ContainsSubstring("Tea\\_green & Milk 3 \\% & 1 & 1 & 100.0 \\% \\\\\n"));
  CHECK(table("confused", "csv") ==
        "label,name,answered,answered_name,count,queries\n1,Tea_green,2,Milk 3 %,1,1\n2,Milk 3 %,1,Tea_green,1,1\n");
}
