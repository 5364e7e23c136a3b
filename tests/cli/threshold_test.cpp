#include <fmt/format.h>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
using nlohmann::json;

namespace {

class Shop {
 public:
  Shop() {
    const auto built = run({"index", "--model", "colour-layout", "--dataset", cli::demo(), "--output", shelf()});
    INFO(built.err);
    REQUIRE(built.code == 0);
  }

  cli::Result run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--workdir", folder.str("w")});
    return cli::run(arguments);
  }
  std::string shelf() const { return folder.str("shelf"); }

  const cli::Folder folder;
};

}  // namespace

TEST_CASE("a threshold is measured, stored with the index, and applied by query") {
  const Shop shop;
  const auto found = shop.run({"threshold", "--index", shop.shelf(), "--dataset", cli::demo(), "--false-alarms", "0.2",
                               "--store", "--format", "json"});
  INFO(found.err);
  REQUIRE(found.code == 0);
  const auto measured = json::parse(found.out);
  CHECK(measured["queries"]["unknown_are"] == "left-out");
  CHECK(measured["false_alarms"]["value"].get<double>() <= 0.2);
  const auto threshold = measured["threshold"]["value"].get<double>();
  const auto stored = json::parse(cli::text_of(shop.folder / "shelf" / "threshold.json"));
  CHECK(stored["schema"] == "matcher.threshold/1");
  CHECK(stored["threshold"]["value"].get<double>() == Approx(threshold));
  CHECK(stored["score"] == "cosine");

  const auto known = cli::demo() + "/gallery/p0001/1.jpg";
  cli::write(shop.folder / "grey.bmp",
             std::string("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\2\0\0\0\2\0\0\0\1\0\x18\0\0\0\0\0\x10\0\0\0"
                         "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                         54) +
                 std::string(16, '\x80'));
  const auto answered =
      shop.run({"query", "--index", shop.shelf(), "--format", "json", known, shop.folder.str("grey.bmp")});
  INFO(answered.err);
  REQUIRE(answered.code == 0);
  const auto result = json::parse(answered.out);
  CHECK(result["threshold"].get<double>() == Approx(threshold));
  CHECK(result["threshold_score"] == "cosine");
  CHECK(result["queries"][0]["answers"][0]["label"] == "p0001");
  CHECK(result["queries"][1]["answers"].empty());
  CHECK(result["queries"][1]["best_score"].get<double>() < threshold);
  const auto& nearest = result["queries"][1]["nearest"];
  CHECK(nearest["score"] == result["queries"][1]["best_score"]);
  CHECK(result["threshold_from"] == shop.shelf() + "/threshold.json");
  const auto table = shop.run({"query", "--index", shop.shelf(), shop.folder.str("grey.bmp")});
  CHECK_THAT(table.out,
             ContainsSubstring(fmt::format("no match (nearest: {}, {:.4f}; threshold {:.4f} from {}/threshold.json)",
                                           nearest["label"].get<std::string>(), nearest["score"].get<double>(),
                                           threshold, shop.shelf())));
  const auto all = shop.run(
      {"query", "--index", shop.shelf(), "--threshold", "-1", "--format", "json", shop.folder.str("grey.bmp")});
  CHECK(json::parse(all.out)["queries"][0]["answers"].size() == 5);
}

TEST_CASE("a dry run stores nothing, and real unknown queries are taken when asked for") {
  const Shop shop;
  const auto found = shop.run({"threshold", "--index", shop.shelf(), "--dataset", cli::demo(), "--false-alarms", "0.3",
                               "--unknown", "real", "--dry-run", "--format", "json"});
  INFO(found.err);
  REQUIRE(found.code == 0);
  const auto measured = json::parse(found.out);
  CHECK(measured["queries"]["unknown_are"] == "real");
  CHECK(measured["queries"]["unknown"].get<int>() > 0);
  CHECK_FALSE(cli::fs::exists(shop.folder / "shelf" / "threshold.json"));
}

TEST_CASE("a threshold of another index, a damaged one and a share that is none are refused") {
  const Shop shop;
  const auto share = shop.run({"threshold", "--index", shop.shelf(), "--false-alarms", "1.5"});
  CHECK(share.code == 2);
  CHECK_THAT(
      share.err,
      Equals(
          "matcher: error: --false-alarms must be a number from 0 to 1, not \"1.5\"; see matcher threshold --help\n"));
  const auto file = shop.folder / "shelf" / "threshold.json";
  const auto query = [&] { return shop.run({"query", "--index", shop.shelf(), cli::demo() + "/gallery/p0001/1.jpg"}); };
  cli::write(file, "{");
  CHECK(query().code == 3);
  CHECK_THAT(query().err, ContainsSubstring("threshold.json\" is damaged") &&
                              ContainsSubstring("Measure again: matcher threshold --index " + shop.shelf()));
  cli::write(file, R"({"schema": "matcher.threshold/1", "index": {"fingerprint": "0"}, "model": {"fingerprint": "0"},
                       "threshold": {"value": 0.5}})");
  CHECK(query().code == 4);
  CHECK_THAT(query().err, ContainsSubstring("threshold.json\" was measured on another index. Measure again: "));
}

TEST_CASE("a threshold that answers too little is printed, but stored on request only") {
  const Shop shop;
  const std::vector<std::string> command{"threshold", "--index",        shop.shelf(), "--dataset",
                                         cli::demo(), "--false-alarms", "0.01"};
  auto strict = command;
  strict.insert(strict.end(), {"--min-answered", "1"});
  const auto refused = shop.run(strict);
  CHECK(refused.code == 7);
  CHECK(refused.out.starts_with("With a threshold of "));
  CHECK_THAT(refused.out, ContainsSubstring("answers to queries of catalogue products at 1 % false alarms: ") &&
                              ContainsSubstring("; at 5 %: ") && ContainsSubstring("; at 20 %: "));
  CHECK_THAT(refused.err, ContainsSubstring("matcher: error: the threshold is not stored: with it, ") &&
                              ContainsSubstring(" % of the queries of catalogue products get the correct answer, below "
                                                "--min-answered (100 %). Raise --false-alarms above 0.01, or store it "
                                                "anyway with --store\n"));
  CHECK_FALSE(cli::fs::exists(shop.folder / "shelf" / "threshold.json"));
  auto forced = strict, dry = strict;
  forced.push_back("--store");
  CHECK(shop.run(forced).code == 0);
  CHECK(cli::fs::exists(shop.folder / "shelf" / "threshold.json"));
  const auto cleared = shop.run({"threshold", "--index", shop.shelf(), "--clear"});
  CHECK(cleared.code == 0);
  CHECK_FALSE(cli::fs::exists(shop.folder / "shelf" / "threshold.json"));
  CHECK(shop.run({"threshold", "--index", shop.folder.str("nothing"), "--clear"}).code == 3);
  auto little = command;
  little.insert(little.end(), {"--min-answered", "0"});
  CHECK(shop.run(little).code == 0);
  CHECK(cli::fs::exists(shop.folder / "shelf" / "threshold.json"));
  dry.push_back("--dry-run");
  CHECK(shop.run(dry).code == 0);
}

TEST_CASE("a threshold for margins is measured, stored, and applied by query") {
  const Shop shop;
  const auto found = shop.run({"threshold", "--index", shop.shelf(), "--dataset", cli::demo(), "--score", "margin",
                               "--false-alarms", "0.2", "--store", "--format", "json"});
  INFO(found.err);
  REQUIRE(found.code == 0);
  const auto measured = json::parse(found.out);
  CHECK(measured["score"] == "margin");
  CHECK(measured["choices"].size() == 4);
  CHECK(measured["queries"]["known_products"] == 12);
  const auto threshold = measured["threshold"]["value"].get<double>();
  CHECK(threshold > 0);
  CHECK(json::parse(cli::text_of(shop.folder / "shelf" / "threshold.json"))["score"] == "margin");
  const auto asked = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"query", "--index", shop.shelf(), "--top-k", "2", "--format", "json",
                               cli::demo() + "/gallery/p0001/1.jpg"});
    return json::parse(shop.run(more).out);
  };
  const auto all = asked({"--score", "margin", "--threshold", "0"})["queries"][0]["answers"];
  REQUIRE(all.size() == 2);
  const double margin = all[0]["score"].get<double>() - all[1]["score"].get<double>();
  const auto answers = asked({});
  CHECK(answers["threshold_score"] == "margin");
  CHECK(answers["threshold"].get<double>() == Approx(threshold));
  CHECK(answers["queries"][0]["margin"].get<double>() == Approx(margin).margin(1e-6));
  CHECK(answers["queries"][0]["answers"].empty() == (margin < threshold));
  CHECK(asked({"--score", "margin", "--threshold", "1.5"})["queries"][0]["answers"].empty());
  CHECK(asked({"--threshold", "0.5"})["threshold_score"] == "cosine");
}

TEST_CASE("numbers that are none are refused with their option") {
  const Shop shop;
  const auto error = [&](std::vector<std::string> arguments) {
    const auto result = shop.run(arguments);
    CHECK(result.code == 2);
    return result.err;
  };
  CHECK_THAT(
      error({"threshold", "--index", shop.shelf(), "--false-alarms", "nan"}),
      Equals(
          "matcher: error: --false-alarms must be a number from 0 to 1, not \"nan\"; see matcher threshold --help\n"));
  CHECK_THAT(error({"query", "--index", shop.shelf(), "--threshold", "nan", "a.jpg"}),
             ContainsSubstring("--threshold") && ContainsSubstring("must be a number from -1 to 2, not \"nan\""));
  CHECK_THAT(error({"eval", "--near-duplicate", "nan"}),
             ContainsSubstring("--near-duplicate") && ContainsSubstring("must be a number from -1 to 1, not \"nan\""));
}
