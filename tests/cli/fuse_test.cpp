#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

const std::string both = "colour-layout,gradient-layout";

cli::Result matcher(const cli::Folder& work, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--quiet", "--workdir", work.str("w")});
  return cli::run(arguments);
}

/// 30 products with 2 queries each, so that each half has enough of them.
std::string many_queries(const cli::Folder& work) {
  const auto folder = work.str("photos");
  REQUIRE(cli::run({"--output", folder, "--products", "30", "--gallery-views", "1", "--query-views", "2", "--unknown",
                    "2", "--size", "64", "--seed", "3"},
                   {}, MATCHER_DEMO_PHOTOS)
              .code == 0);
  return folder;
}

json fuse(const cli::Folder& work, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "fuse");
  arguments.insert(arguments.end(), {"--format", "json"});
  const auto result = matcher(work, arguments);
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK(result.err.empty());
  return json::parse(result.out);
}

std::string error_of(const cli::Folder& work, std::vector<std::string> arguments, int code) {
  arguments.insert(arguments.begin(), "fuse");
  const auto result = matcher(work, arguments);
  CHECK(result.code == code);
  CHECK(result.out.empty());
  return result.err;
}

std::string eval_run(const cli::Folder& work, const std::string& model, const std::string& dataset,
                     const std::string& name, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"eval", "--model", model, "--dataset", dataset, "--output", work.str(name)});
  REQUIRE(matcher(work, more).code == 0);
  return work.str(name);
}

std::vector<json> queries_of(const cli::fs::path& run) {
  std::istringstream lines(cli::text_of(run / "queries.jsonl"));
  std::vector<json> queries;
  for (std::string line; std::getline(lines, line);) queries.push_back(json::parse(line));
  return queries;
}

}  // namespace

TEST_CASE("scores of models are fused exactly: the run is that of the ensemble's eval") {
  const cli::Folder work;
  const auto fused =
      fuse(work, {"--models", both, "--dataset", cli::demo(), "--weights", "3,2", "--output", work.str("fused")});
  const auto run = eval_run(work, "colour-layout:0.6+gradient-layout:0.4", cli::demo(), "ensemble");
  CHECK(cli::text_of(work / "fused" / "run.trec") == cli::text_of(work / "ensemble" / "run.trec"));
  CHECK(fused["exact"] == true);
  CHECK(fused["tuning"].is_null());
  CHECK(fused["members"][0]["weight"] == 0.6);
  CHECK(fused["ensemble"]["metrics"] == json::parse(cli::text_of(work / "ensemble" / "report.json"))["metrics"]);
  CHECK(matcher(work, {"compare", work.str("fused"), run}).code == 0);
}

TEST_CASE("the report adds up: members, ceiling, overlap of errors") {
  const cli::Folder work;
  const auto fused = fuse(work, {"--models", both, "--dataset", cli::demo(), "--method", "rrf"});
  CHECK(fused["schema"] == "matcher.fusion/1");
  const auto& pair = fused["overlap"]["pairs"][0];
  const auto count = [&](const char* name) { return pair.at(name).get<double>(); };
  const double known = count("both_right") + count("only_a") + count("only_b") + count("both_wrong");
  CHECK(known == 24);
  const auto top1 = [](const json& metrics) { return metrics.at("top1").at("value").get<double>(); };
  CHECK(top1(fused["members"][0]["metrics"]) == (count("both_right") + count("only_a")) / known);
  CHECK(top1(fused["members"][1]["metrics"]) == (count("both_right") + count("only_b")) / known);
  CHECK(top1(fused["ceiling"]) == 1 - count("both_wrong") / known);
  CHECK(fused["ensemble"]["model"]["name"] == "rrf(colour-layout,gradient-layout)");
}

TEST_CASE("reciprocal ranks of stored runs are summed") {
  const cli::Folder work;
  const auto a = eval_run(work, "colour-layout", cli::demo(), "a"),
             b = eval_run(work, "gradient-layout", cli::demo(), "b");
  fuse(work, {a, b, "--method", "rrf", "--output", work.str("fused")});
  const auto fused = queries_of(work / "fused"), first = queries_of(work / "a"), second = queries_of(work / "b");
  REQUIRE(fused.size() == 28);
  const auto rank = [](const json& query, const json& id) {
    const auto& answers = query["answers"];
    return std::ranges::find(answers, id, [](const json& answer) { return answer.at("id"); }) - answers.begin() + 1;
  };
  for (std::size_t q = 0; q < fused.size(); ++q) {
    const auto& best = fused[q]["answers"][0];
    const auto in_a = rank(first[q], best["id"]), in_b = rank(second[q], best["id"]);
    if (in_a > 10 || in_b > 10) continue;  // queries.jsonl shows ten
    CHECK(std::abs(best["score"].get<double>() - (1.0 / double(60 + in_a) + 1.0 / double(60 + in_b))) < 1e-7);
    CHECK(best["label"] != "");
  }
}

TEST_CASE("weights are chosen on queries that are not reported, nor copies of them") {
  const cli::Folder work;
  const auto photos = many_queries(work);
  // Copies of a query under other ids: all must be on one side.
  auto items = cli::text_of(cli::fs::path(photos) / "items.csv");
  for (int copy = 0; copy < 20; ++copy) {
    const auto name = "queries/p0001/copy" + std::to_string(copy) + ".jpg";
    cli::fs::copy_file(photos + "/queries/p0001/1.jpg", photos + "/" + name);
    items += name + ",p0001,query,1,box\n";
  }
  cli::write(cli::fs::path(photos) / "items.csv", items);
  const auto fused = fuse(work, {"--models", both, "--dataset", photos, "--tune", "--output", work.str("fused")});
  const auto& tuning = fused["tuning"];
  CHECK(tuning["part"] == "half");
  CHECK(tuning["queries"].get<int>() + tuning["reported"].get<int>() == 80);
  int reported = 0, copies = 0;
  for (const auto& query : queries_of(work / "fused")) {
    reported += query["known"] == true;
    copies += query["id"] == "queries/p0001/1.jpg" || query["id"].get<std::string>().find("copy") != std::string::npos;
  }
  CHECK(reported == tuning["reported"].get<int>());
  CHECK((copies == 0 || copies == 21));
  const auto again = fuse(work, {"--models", both, "--dataset", photos, "--tune"});
  CHECK(again["members"][0]["weight"] == fused["members"][0]["weight"]);
  const auto& weights = fused["members"];
  CHECK(std::abs(weights[0]["weight"].get<double>() + weights[1]["weight"].get<double>() - 1) < 1e-12);
}

TEST_CASE("a tuned run is a part and is not taken for the whole") {
  const cli::Folder work;
  const auto photos = many_queries(work);
  const auto whole = eval_run(work, "colour-layout", photos, "whole");
  const auto fused = fuse(work, {"--models", both, "--dataset", photos, "--tune", "--output", work.str("part")});
  const auto report = json::parse(cli::text_of(work / "part" / "report.json"));
  std::size_t queries = 0;
  for (const auto& label : report["labels"]) queries += label["queries"].get<std::size_t>();
  CHECK(queries == fused["tuning"]["reported"]);
  CHECK(matcher(work, {"compare", work.str("part"), whole}).code == 4);
  CHECK(matcher(work, {"compare", work.str("part"), work.str("part")}).code == 0);
}

TEST_CASE("weights chosen on another dataset leave all queries to the report, and no photo on both sides") {
  const cli::Folder work;
  const auto fused = fuse(work, {"--models", both, "--dataset", cli::demo(), "--tune-on", many_queries(work)});
  CHECK(fused["tuning"]["part"] == "all");
  CHECK(fused["tuning"]["reported"] == 24);
  CHECK(fused["dataset"]["queries"] == 28);
  CHECK(
      error_of(work, {"--models", both, "--dataset", cli::demo(), "--tune-on", cli::demo()}, 3) ==
      "matcher: error: too few queries with a right answer to choose weights: 0 would choose them and 24 be reported, "
      "but each part needs 10; give --weights, or more queries\n");
}

TEST_CASE("invalid fusions are refused") {
  const cli::Folder work;
  CHECK(error_of(work, {"--models", both, "--method", "borda"}, 2) ==
        "matcher: error: unknown method \"borda\"; use score or rrf\n");
  CHECK(error_of(work, {"--models", both, "--weights", "1"}, 2) ==
        "matcher: error: --weights gives 1 weights for 2 models; give one per model\n");
  CHECK(error_of(work, {"--models", both, "--weights", "0.5,-1"}, 2) ==
        "matcher: error: --weights must be a number, 0 or more, not \"-1\"; see matcher fuse --help\n");
  CHECK(error_of(work, {"--models", both, "--weights", "0,0"}, 2) ==
        "matcher: error: --weights 0,0 is invalid: weights must be 0 or more, and at least one above 0\n");
  CHECK(error_of(work, {"--models", "colour-layout"}, 2) ==
        "matcher: error: fuse needs two or more models or runs. Give --models A,B or the folders of two runs\n");
  CHECK_THAT(error_of(work, {"--models", both, "--tune", "--weights", "1,2"}, 2), ContainsSubstring("--tune"));
  CHECK_THAT(error_of(work, {"a", "b", "--tune-on", "c"}, 2),
             ContainsSubstring("--tune-on c evaluates the models there too"));
  CHECK_THAT(error_of(work, {"a", "b"}, 3), ContainsSubstring("there is no run at \"a\": the folder does not exist"));
}

TEST_CASE("runs of other data, depth or queries are not fused") {
  const cli::Folder work;
  const auto a = eval_run(work, "colour-layout", cli::demo(), "a");
  const auto other = eval_run(work, "colour-layout", many_queries(work), "b");
  const auto shallow = eval_run(work, "gradient-layout", cli::demo(), "c", {"--depth", "10"});
  CHECK_THAT(error_of(work, {a, other}, 4),
             ContainsSubstring("cannot fuse the runs \"" + a + "\" and \"" + other +
                               "\": their protocols are \"2 studio photos a product as gallery; 2 hard photos a "
                               "product as queries, unknown products among them\" and \"1 studio photos a product"));
  CHECK_THAT(error_of(work, {a, shallow}, 4), ContainsSubstring("they keep 100 and 10 answers per query"));
  CHECK_THAT(error_of(work, {shallow, shallow, "--k", "1,50"}, 2), ContainsSubstring("too few for top-50"));
}

TEST_CASE("a damaged line of a run is named") {
  const cli::Folder work;
  const auto a = eval_run(work, "colour-layout", cli::demo(), "a");
  cli::write(work / "a" / "run.trec", "one two\n");
  CHECK(error_of(work, {a, a}, 3) ==
        "matcher: error: " + a + "/run.trec:1: not 6 words; a line is: query Q0 item rank score tag\n");
}
