#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

/// True if a pair of the list has both ids and the kind.
bool has_pair(const json& pairs, const std::string& kind, const std::string& a, const std::string& b) {
  return std::ranges::any_of(pairs, [&](const json& pair) {
    const auto x = pair["items"][0]["id"].get<std::string>(), y = pair["items"][1]["id"].get<std::string>();
    return pair["kind"] == kind && ((x == a && y == b) || (x == b && y == a));
  });
}

}  // namespace

TEST_CASE("audit of the demo has its schema, ranks every labelled photo and finds no unusable one") {
  const cli::Folder work;
  const auto result = cli::run({"--quiet", "--workdir", work.str("w"), "audit", "--model", "colour-layout", "--dataset",
                                cli::demo(), "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto audit = json::parse(result.out);
  CHECK(audit["schema"] == "matcher.audit/1");
  const auto& data = audit["dataset"];
  CHECK(data["looked_at"] == data["gallery"].get<int>() + data["queries"].get<int>());
  CHECK(audit["unusable"].empty());
  CHECK(audit["missing_products"].size() == 2);  // the unknown queries
  double before = 1e9;
  for (const auto& suspect : audit["suspects"]) {
    CHECK(suspect["margin"].get<double>() <= before);
    before = suspect["margin"];
  }
}

TEST_CASE("planted faults are found: broken and skipped files, copies of two products, leaks, odd sizes") {
  const cli::Folder work;
  const auto demo = cli::fs::path(cli::demo());
  const auto photos = work / "photos";
  cli::fs::copy(demo, photos, cli::fs::copy_options::recursive);
  std::istringstream rows(cli::text_of(photos / "items.csv"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(rows, line);) lines.push_back(line);
  REQUIRE(lines.size() > 30);
  // The path is the first column, the label the second.
  const auto field = [](const std::string& line, int number) {
    std::istringstream fields(line);
    std::string value;
    for (int i = 0; i <= number; ++i) std::getline(fields, value, ',');
    return value;
  };
  INFO(lines[0]);
  REQUIRE(field(lines[0], 0) == "path");
  REQUIRE(field(lines[0], 1) == "label");
  const auto first = field(lines[1], 0), label = field(lines[1], 1);
  std::string other;
  for (const auto& line : lines)
    if (other.empty() && field(line, 1) != label && field(line, 1) != "label") other = field(line, 1);
  auto table = std::string("path,label,split\n");
  for (std::size_t i = 1; i < lines.size(); ++i)
    table += fmt::format("{},{},{}\n", field(lines[i], 0), field(lines[i], 1), i % 2 == 0 ? "test" : "train");
  cli::fs::copy_file(photos / first, photos / "copy.png");
  cli::fs::copy_file(photos / first, photos / "leak.png");
  cli::write(photos / "broken.jpg", "not an image");
  table += fmt::format("copy.png,{},train\nleak.png,{},test\nbroken.jpg,{},train\nmissing.jpg,{},train\n", other, label,
                       label, label);
  cli::write(work / "photos/audit.csv", table);
  const auto run = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--quiet", "--workdir", work.str("w"), "audit", "--model", "colour-layout", "--dataset",
                               work.str("photos/audit.csv")});
    return cli::run(more);
  };
  const auto clean = work.str("clean.csv");
  const auto result = run({"--format", "json", "--write-clean", clean});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto audit = json::parse(result.out);
  CHECK(audit["unusable"].size() == 2);
  CHECK(has_pair(audit["duplicates"], "bytes", first, "copy.png"));
  CHECK(has_pair(audit["leaks"], "bytes", first, "leak.png"));
  const auto listed = cli::text_of(clean);
  CHECK(listed.starts_with("id,role,path,label,reason,suggested\n"));
  CHECK_THAT(listed, ContainsSubstring("\nbroken.jpg,gallery,") || ContainsSubstring("broken.jpg,gallery,"));
  CHECK_THAT(listed, ContainsSubstring(
                         fmt::format("copy.png,gallery,{},{},\"the same file as \"\"{}\"\", of product \"\"{}\"\"\",",
                                     (work / "photos/copy.png").string(), other, first, label)));
  CHECK_THAT(listed,
             ContainsSubstring(fmt::format("leak.png,queries,{},{},\"", (work / "photos/leak.png").string(), label)));
  const auto table_out = run({});
  CHECK(table_out.code == 0);
  CHECK_THAT(table_out.out,
             ContainsSubstring("two products") && ContainsSubstring("unusable") && ContainsSubstring("leak"));
  const auto page = run({"--format", "html", "--write-to", work.str("page.html")});
  REQUIRE(page.code == 0);
  const auto html = cli::text_of(work / "page.html");
  CHECK_THAT(html, ContainsSubstring("One photo, two products") && ContainsSubstring("data:image/jpeg;base64,"));
  CHECK_THAT(html, ContainsSubstring("Unusable photos"));
}

TEST_CASE("files that a class folder holds and no format reads are counted by extension") {
  const cli::Folder work;
  for (const auto* label : {"a", "b"}) cli::fs::create_directories(work / ("photos/" + std::string(label)));
  std::size_t number = 0;
  for (const auto& entry : cli::fs::recursive_directory_iterator(cli::demo())) {
    const auto extension = entry.path().extension();
    if (extension != ".jpg" && extension != ".png") continue;
    if (number < 8)
      cli::fs::copy_file(entry.path(),
                         work / fmt::format("photos/{}/{}{}", number % 2 == 0 ? "a" : "b", number, extension.string()));
    ++number;
  }
  cli::write(work / "photos/a/notes.txt", "x");
  cli::write(work / "photos/a/clip.mp4", "x");
  cli::write(work / "photos/b/CLIP.MP4", "x");
  const auto result = cli::run({"--quiet", "--workdir", work.str("w"), "audit", "--model", "colour-layout", "--dataset",
                                work.str("photos"), "--format", "json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const auto audit = json::parse(result.out);
  CHECK(audit["skipped"][".mp4"] == 2);
  CHECK(audit["skipped"][".txt"] == 1);
  CHECK(audit["dataset"]["gallery"] == 8);
}

TEST_CASE("audit checks its flags before it looks at photos") {
  const cli::Folder work;
  const auto both = cli::run({"audit", "--embeddings", work.str("set"), "--model", "colour-layout"});
  CHECK(both.code == 2);
  const auto place = cli::run({"audit", "--dataset", cli::demo(), "--write-clean", work.str("no/such/folder/x.csv")});
  CHECK(place.code == 5);
  const auto limit = cli::run({"audit", "--dataset", cli::demo(), "--near-duplicate", "2"});
  CHECK(limit.code == 2);
}
