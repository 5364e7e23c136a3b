// Tests how accuracy is lost: by the model, equal scores, codes, and skipped parts of an index; and photos on both
// sides.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using nlohmann::json;

namespace {

cli::Result evaluated(const cli::Folder& work, const std::string& dataset, std::vector<std::string> more) {
  if (std::ranges::find(more, "--metrics") == more.end()) more.insert(more.end(), {"--metrics", "top1,map"});
  more.insert(more.begin(), {"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", dataset,
                             "--output", work.str("run")});
  return cli::run(more);
}

json report_of(const cli::Result& result) {
  INFO(result.err);
  REQUIRE(result.code == 0);
  return json::parse(result.out);
}

/// Photos of the demo under names of our own. Gallery: a (label x) and its copy b (label y), c and c2 (label z).
/// Queries: the bytes of c, the picture of a and b in other bytes once for each of their labels, and another photo of
/// z.
std::string twins(const cli::Folder& work) {
  const cli::fs::path demo = cli::demo();
  const auto photo = [&](const char* name) { return cli::text_of(demo / name); };
  cli::write(work / "a.jpg", photo("gallery/p0001/1.jpg"));
  cli::write(work / "b.jpg", photo("gallery/p0001/1.jpg"));
  cli::write(work / "c.jpg", photo("gallery/p0002/1.jpg"));
  cli::write(work / "c2.jpg", photo("gallery/p0002/2.jpg"));
  cli::write(work / "same.jpg", photo("gallery/p0002/1.jpg"));
  cli::write(work / "other.jpg", photo("gallery/p0001/1.jpg") + "1");  // after the end of the picture
  cli::write(work / "again.jpg", photo("gallery/p0001/1.jpg") + "2");
  cli::write(work / "far.jpg", photo("queries/p0002/1.jpg"));
  cli::write(work / "items.csv",
             "id,path,label,split\na,a.jpg,x,gallery\nb,b.jpg,y,gallery\nc,c.jpg,z,gallery\nc2,c2.jpg,z,gallery\n"
             "same,same.jpg,z,query\nother,other.jpg,x,query\nagain,again.jpg,y,query\nfar,far.jpg,z,query\n");
  return work.str("items.csv");
}

/// As many photos as an index with lists and codes needs to be trained.
std::string many() {
  static const cli::Folder folder;
  if (cli::fs::exists(folder / "many")) return folder.str("many");
  const auto drawn = cli::run({"--output", folder.str("many"), "--products", "100", "--gallery-views", "2",
                               "--query-views", "1", "--unknown", "0", "--size", "32"},
                              {}, MATCHER_DEMO_PHOTOS);
  INFO(drawn.err);
  REQUIRE(drawn.code == 0);
  return folder.str("many");
}

std::vector<json> lines_of(const cli::fs::path& file) {
  std::ifstream in(file);
  std::vector<json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

double part(const json& report, const std::string& metric, const char* name) { return report["losses"][metric][name]; }

void check_sum(const json& report, const std::string& metric) {
  double lost = 0;
  for (const char* name : {"model", "ties", "quantisation", "approximation"}) lost += part(report, metric, name);
  CHECK_THAT(lost, WithinAbs(1 - report["metrics"][metric]["value"].get<double>(), 1e-12));
}

json by_index(const cli::Folder& work, const std::string& type, std::vector<std::string> more = {}) {
  const auto built = cli::run({"--workdir", work.str("w"), "index", "--model", "colour-layout", "--dataset", many(),
                               "--output", work.str("shelf"), "--type", type});
  INFO(built.err);
  REQUIRE(built.code == 0);
  more.insert(more.end(), {"--index", work.str("shelf"), "--format", "json"});
  return report_of(evaluated(work, many(), more));
}

}  // namespace

TEST_CASE("equal scores of two labels are told from what the model gets wrong") {
  const cli::Folder work;
  const auto report = report_of(evaluated(work, twins(work), {"--format", "json"}));
  // a and b are equal and a comes first, so that of their two queries that of label y is answered wrongly.
  CHECK_THAT(part(report, "top1", "ties"), WithinAbs(0.25, 1e-12));
  CHECK(part(report, "top1", "quantisation") == 0);
  check_sum(report, "top1");
  check_sum(report, "map");
  const auto table = cli::run({"eval", "--run", work.str("run")});
  CHECK_THAT(table.out, ContainsSubstring("\ntop-1 loses ") &&
                            ContainsSubstring(", equal scores 25.0, quantisation 0.0, approximation 0.0\n"));
}

TEST_CASE("what an approximate index loses is split into codes and vectors not looked at") {
  const cli::Folder work;
  const auto exact = report_of(evaluated(work, many(), {"--format", "json"}));
  const double model = part(exact, "map", "model");
  CHECK(model > 0.05);
  check_sum(exact, "map");

  const auto codes = by_index(work, "PQ2x2");
  check_sum(codes, "map");
  CHECK(part(codes, "map", "model") == model);
  CHECK(part(codes, "map", "quantisation") > 0.05);
  CHECK_THAT(part(codes, "map", "approximation"), WithinAbs(0, 1e-12));

  const auto lists = by_index(work, "IVF5,Flat", {"--depth", "1", "--metrics", "top1"});
  check_sum(lists, "top1");
  CHECK(part(lists, "top1", "quantisation") == 0);
  CHECK(part(lists, "top1", "approximation") >= 0);
  const auto both = by_index(work, "IVF4,PQ2x2");
  check_sum(both, "map");
  CHECK(part(both, "map", "model") == model);
  CHECK(part(both, "map", "quantisation") != 0);

  CHECK_FALSE(by_index(work, "PQ2x2", {"--no-loss"}).contains("losses"));
  const auto again = json::parse(cli::run({"eval", "--run", work.str("run"), "--format", "json"}).out);
  CHECK_FALSE(again.contains("losses"));
}

TEST_CASE("an index over other pictures cannot be held against exact search, and that is said") {
  const cli::Folder work;
  REQUIRE(cli::run({"--workdir", work.str("w"), "index", "--model", "colour-layout", "--dataset", cli::demo(),
                    "--output", work.str("shelf"), "--type", "SQ8"})
              .code == 0);
  const auto result = evaluated(work, twins(work), {"--index", work.str("shelf"), "--format", "json"});
  CHECK(result.code == 3);  // no label of the twins is in that index
  cli::write(work / "items.csv",
             "id,path,label,split\na,a.jpg,p0001,gallery\nb,b.jpg,p0002,gallery\nq,other.jpg,p0001,query\n");
  const auto other = evaluated(work, work.str("items.csv"), {"--index", work.str("shelf"), "--format", "json"});
  REQUIRE(other.code == 0);
  CHECK_FALSE(json::parse(other.out).contains("losses"));
  CHECK_THAT(other.err, ContainsSubstring("warning: the loss of the index is unknown: \"" + work.str("shelf") +
                                          "\" was built over other images (24 items, data ") &&
                            ContainsSubstring(") than the gallery of \"items\" (2 items, data "));
}

TEST_CASE("queries with a near-duplicate in the gallery are counted, and accuracy is given without them") {
  const cli::Folder work;
  const auto report = report_of(evaluated(work, twins(work), {"--near-duplicate", "0.999999", "--format", "json"}));
  const auto& found = report["near_duplicates"];
  CHECK(found["limit"] == 0.999999);
  CHECK(found["copies"] == 1);
  CHECK(found["near"] == 2);
  REQUIRE(found["pairs"].size() == 3);
  CHECK(found["pairs"][0] == json{{"query", "same"}, {"item", "c"}, {"cosine", 1}, {"copy", true}});
  CHECK(found["pairs"][1]["query"] == "other");
  CHECK(found["pairs"][1]["item"] == "a");
  CHECK(found["pairs"][1]["copy"] == false);
  CHECK(found["pairs_left_out"] == 0);
  CHECK(found["without"]["queries"] == 1);
  const auto last = lines_of(work / "run" / "queries.jsonl").at(3);
  CHECK(last["id"] == "far");
  CHECK(found["without"]["metrics"]["map"]["value"] == last["metrics"]["map"]);

  // A limit that all are above: none is left, also for the stored run, which remembers its own limit.
  const auto all =
      report_of(cli::run({"eval", "--run", work.str("run"), "--near-duplicate", "-1", "--format", "json"}));
  CHECK(all["near_duplicates"]["near"] == 3);
  CHECK(all["near_duplicates"]["without"] == json{{"queries", 0}, {"metrics", json::object()}});
  const auto again =
      report_of(cli::run({"eval", "--run", work.str("run"), "--metrics", "top1,map", "--format", "json"}));
  CHECK(again == report);
  CHECK_THAT(
      cli::run({"eval", "--run", work.str("run"), "--metrics", "top1"}).out,
      ContainsSubstring("near-duplicates in the gallery: 1 queries with the same bytes, 2 with a cosine of 0.999999 "
                        "or more; too many for the limit to mean near-duplicates"));
}

TEST_CASE("intervals by label draw all photos of a product as one") {
  const cli::Folder work;
  const auto by_query = report_of(evaluated(work, cli::demo(), {"--format", "json"}));
  const auto by_label = report_of(
      cli::run({"eval", "--run", work.str("run"), "--metrics", "top1,map", "--resample", "label", "--format", "json"}));
  CHECK(by_query["resample"] == "query");
  CHECK(by_label["resample"] == "label");
  CHECK(by_label["metrics"]["top1"]["value"] == by_query["metrics"]["top1"]["value"]);
  CHECK(by_label["metrics"]["top1"]["low"] != by_query["metrics"]["top1"]["low"]);
  // compare by query computes Wilson's intervals again for a run that was evaluated by label.
  const auto stored = report_of(evaluated(work, cli::demo(), {"--resample", "label", "--format", "json"}));
  CHECK(stored["metrics"] == by_label["metrics"]);
  const auto comparison = report_of(cli::run({"compare", work.str("run"), work.str("run"), "--format", "json"}));
  CHECK(comparison["rows"][0]["metrics"] == by_query["metrics"]);
}

TEST_CASE("a folder of TREC has neither labels nor cosines") {
  const std::string trec = std::string(MATCHER_TEST_DATA) + "/eval/trec";
  const auto label = cli::run({"eval", "--run", trec, "--resample", "label"});
  CHECK(label.code == 2);
  CHECK(label.err == "matcher: error: --resample label needs the labels of the queries, which \"" + trec +
                         "\" does not contain; leave --resample out\n");
  const auto near = cli::run({"eval", "--run", trec, "--near-duplicate", "0.9"});
  CHECK(near.code == 2);
  CHECK(near.err == "matcher: error: --near-duplicate 0.9 needs cosines, but the scores of \"" + trec +
                        "\" may be others; leave --near-duplicate out\n");
}
