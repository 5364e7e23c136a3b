// matcher adapt: learns a map from a gallery, and the model that comes of it in other commands.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/work_folder.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;

namespace {

std::string photos() { return cli::shop_photos(); }

std::vector<cli::fs::path> files_below(const std::string& folder) {
  std::vector<cli::fs::path> files;
  for (const auto& entry : cli::fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// A work folder, with the models of its tests.
class Work : public cli::WorkFolder {
 public:
  json adapt(std::vector<std::string> more = {}, const std::string& base = "colour-layout") const {
    // Drawn photos of a product have cosines near 1, and would be one series.
    more.insert(more.begin(), {"adapt", "shop", "--model", base, "--dataset", photos(), "--series", "1"});
    return parsed(more);
  }
  /// The error of `adapt shop` with these flags.
  std::string refused_map(std::vector<std::string> more, int code) const {
    more.insert(more.begin(), {"adapt", "shop"});
    return refused(more, code);
  }
  /// A CSV of photos: `gallery` and `queries` give the label of the n-th photo of each side, or none.
  template <typename Gallery, typename Queries>
  std::string csv(const std::string& name, const Gallery& gallery, const Queries& queries) const {
    std::string text = "path,label,split\n";
    const auto add = [&](const std::string& side, const std::string& split, const auto& label_of) {
      std::size_t n = 0;
      for (const auto& file : files_below(photos() + "/" + side)) {
        if (file.extension() != ".jpg" && file.extension() != ".png") continue;
        const std::string label = label_of(n++, file.parent_path().filename().string());
        if (label != "-") text += file.string() + "," + label + "," + split + "\n";
      }
    };
    add("gallery", "gallery", gallery);
    add("queries", "queries", queries);
    cli::write(folder() / (name + ".csv"), text);
    return folder().str(name + ".csv");
  }
};

std::string own_label(std::size_t, const std::string& label) { return label; }
std::string no_item(std::size_t, const std::string&) { return "-"; }

}  // namespace

TEST_CASE("an adapted model is found and evaluated like any model, from the base's vectors") {
  const Work work;
  const auto adapted = work.adapt({"--dimension", "12", "--shrinkage", "1"});
  CHECK(adapted["schema"] == "matcher.adaptation/1");
  CHECK(adapted["model"]["dimension"] == 12);
  CHECK(adapted["learnt_on"]["photos"] == 64);
  CHECK(adapted["learnt_on"]["products"] == 16);
  CHECK(adapted["settings"]["tried"] == 1);
  REQUIRE(adapted["rows"].size() == 3);
  CHECK(adapted["rows"][0]["protocol"] == "new_photos");
  CHECK(adapted["rows"][1]["protocol"] == "new_products");
  CHECK(adapted["rows"][2]["protocol"] == "queries");

  const auto log = work({"eval", "--model", "shop", "--dataset", photos(), "--format", "json"}, false);
  REQUIRE(log.code == 0);
  CHECK(log.err.find("images/s") == std::string::npos);  // nothing is embedded
  const auto eval = json::parse(log.out);
  CHECK(eval["model"]["fingerprint"] == adapted["model"]["fingerprint"]);
  CHECK(eval["model"]["dimension"] == 12);
  CHECK(eval["metrics"]["top1"]["value"] == adapted["rows"][2]["adapted"]["top1"]["value"]);
  CHECK(eval["metrics"]["map"]["value"] == adapted["rows"][2]["adapted"]["map"]["value"]);
  CHECK_THAT(log.err, ContainsSubstring("the map of shop was learnt on 64 photos of 16 products of demo (data "));
  CHECK_THAT(log.err, ContainsSubstring("); 0 of the 36 queries are among these photos\n"));

  const auto base = work.parsed({"eval", "--model", "colour-layout", "--dataset", photos()});
  CHECK(base["metrics"]["top1"]["value"] == adapted["rows"][2]["base"]["top1"]["value"]);
}

TEST_CASE("eval counts the queries that the map was learnt on") {
  const Work work;
  work.adapt({"--dimension", "12", "--shrinkage", "1"});
  const auto same = work.csv("same", own_label, no_item);
  const auto eval = work({"eval", "--model", "shop", "--dataset", same, "--hold-out", "leave-one-out"}, false);
  CHECK_THAT(eval.err, ContainsSubstring("the map of shop was learnt on 64 photos of 16 products of demo (data "));
  CHECK_THAT(eval.err, ContainsSubstring("); 64 of the 64 queries are among these photos\n"));
}

TEST_CASE("models are listed with their base, compared with it, and joined in ensembles") {
  const Work work;
  work.adapt({"--dimension", "12", "--shrinkage", "1"});
  const auto list = work.parsed({"models", "shop"});
  CHECK(list["models"][0]["dimension"] == 12);
  const auto compared = work.parsed({"compare", "--models", "colour-layout,shop", "--dataset", photos()});
  CHECK(compared["rows"].size() == 2);
  const auto joined = work.parsed({"eval", "--model", "shop:0.5+gradient-layout:0.5", "--dataset", photos()});
  CHECK(joined["model"]["dimension"] == 12 + 288);
  const auto fused = work.parsed({"fuse", "--models", "shop,gradient-layout", "--dataset", photos()});
  CHECK(fused["ensemble"]["metrics"]["top1"]["value"] == joined["metrics"]["top1"]["value"]);
}

TEST_CASE("an ensemble is adapted as one model") {
  const Work work;
  const auto adapted = work.adapt({"--dimension", "8", "--shrinkage", "1"}, "colour-layout:0.6+gradient-layout:0.4");
  CHECK(adapted["base"]["dimension"] == 384 + 288);
  CHECK(adapted["model"]["dimension"] == 8);
  const auto eval = work.parsed({"eval", "--model", "shop", "--dataset", photos()});
  CHECK(eval["model"]["fingerprint"] == adapted["model"]["fingerprint"]);
  CHECK(eval["metrics"]["top1"]["value"] == adapted["rows"][2]["adapted"]["top1"]["value"]);
}

TEST_CASE("an index of an adapted model answers queries, and refuses the base and other maps") {
  const Work work;
  work.adapt({"--dimension", "12", "--shrinkage", "1"});
  const auto index = work.folder().str("index");
  REQUIRE(work({"index", "--model", "shop", "--dataset", photos(), "--output", index}).code == 0);
  std::string photo;
  for (const auto& file : files_below(photos() + "/gallery")) photo = file.string();
  const auto answers = work.parsed({"query", photo, "--index", index});
  CHECK(answers["queries"][0]["answers"][0]["score"].get<double>() > 0.9999);

  const auto eval = [&](const std::string& model) {
    return work.refused({"eval", "--model", model, "--dataset", photos(), "--index", index}, 4);
  };
  CHECK_THAT(eval("colour-layout"), ContainsSubstring("was built by shop (12-d, fp32, "));
  const auto before = work.parsed({"eval", "--model", "shop", "--dataset", photos(), "--index", index});
  work.adapt({"--dimension", "12", "--shrinkage", "2"});
  CHECK_THAT(eval("shop"), ContainsSubstring("but the queries come from shop (12-d, fp32, "));
  work.adapt({"--dimension", "12", "--shrinkage", "1"});
  CHECK(work.parsed({"eval", "--model", "shop", "--dataset", photos(), "--index", index})["metrics"] ==
        before["metrics"]);
}

TEST_CASE("embedding sets teach the same map as their dataset") {
  const Work work;
  const auto from_dataset = work.adapt({"--dimension", "12", "--shrinkage", "1"});
  const auto sets = work.folder().str("sets");
  REQUIRE(work({"embed", "--model", "colour-layout", "--dataset", photos(), "--output", sets}).code == 0);
  const auto from_sets =
      work.parsed({"adapt", "shop", "--embeddings", sets, "--series", "1", "--dimension", "12", "--shrinkage", "1"});
  CHECK(from_sets["model"]["fingerprint"] == from_dataset["model"]["fingerprint"]);
  CHECK(from_sets["rows"] == from_dataset["rows"]);
}

TEST_CASE("maps without labels are learnt from a gallery without labels") {
  const Work work;
  const auto unlabelled = work.csv(
      "unlabelled", [](auto, auto) { return ""; }, no_item);
  for (const std::string method : {"whiten", "centre"}) {
    INFO(method);
    const auto adapted =
        work.parsed({"adapt", "shop", "--model", "colour-layout", "--dataset", unlabelled, "--method", method});
    CHECK(adapted["settings"]["method"] == method);
    CHECK(adapted["rows"].empty());
    CHECK(adapted["model"]["dimension"] == (method == "centre" ? 384 : 63));
  }
}

TEST_CASE("what cannot be measured is named") {
  const Work work;
  const auto result = work({"adapt", "shop", "--model", "colour-layout", "--dataset", photos(), "--series", "-1"});
  REQUIRE(result.code == 0);
  CHECK_THAT(result.out, ContainsSubstring("settings: the default (shrinkage 1, 63 dimensions), because no product has "
                                           "photos of two series to measure settings with"));
  CHECK_THAT(result.out,
             ContainsSubstring("new photos of known products: not measured, because no product has photos of "
                               "two series (64 photos, 16 series; --series)"));
}

TEST_CASE("a column group says which photos are one series") {
  const Work work;
  const auto grouped = [&](const std::string& name, std::size_t per_group) {
    std::string text = "path,label,split,group\n";
    std::size_t n = 0;
    for (const auto& file : files_below(photos() + "/gallery")) {
      if (file.extension() != ".jpg" && file.extension() != ".png") continue;
      const auto label = file.parent_path().filename().string();
      text += file.string() + "," + label + ",gallery,session " + std::to_string(n++ / per_group) + "\n";
    }
    cli::write(work.folder() / (name + ".csv"), text);
    return work.folder().str(name + ".csv");
  };
  const auto adapt = [&](const std::string& dataset, const std::vector<std::string>& source) {
    std::vector<std::string> arguments{"adapt", "shop", "--model", "colour-layout", "--dataset", dataset};
    if (!source.empty()) arguments = {"adapt", "shop", source[0], source[1]};
    return work.parsed(arguments);
  };
  const auto pairs = grouped("pairs", 2);
  const auto two = adapt(pairs, {});
  CHECK(two["sample"] == json{{"photos", 64}, {"series", 32}});
  REQUIRE(two["rows"].size() == 2);
  CHECK(two["rows"][0]["protocol"] == "new_photos");

  const auto sets = work.folder().str("sets");
  REQUIRE(work({"embed", "--model", "colour-layout", "--dataset", pairs, "--output", sets}).code == 0);
  CHECK_THAT(cli::text_of(sets + "/items.csv"), StartsWith("id,path,label,role,split,view,category,text,content_hash,"
                                                           "group\n"));
  CHECK(adapt("", {"--embeddings", sets})["sample"] == two["sample"]);

  const auto one = adapt(grouped("whole", 4), {});
  CHECK(one["sample"] == json{{"photos", 64}, {"series", 16}});
  CHECK(one["rows"].empty());
  CHECK(one["settings"]["chosen"] == false);
  CHECK(one["settings"]["reason"] ==
        "the default (shrinkage 1, 63 dimensions), because no product has photos of two "
        "series to measure settings with");

  grouped("pairs", 1);  // other groups of the same photos: the set is made again
  REQUIRE(work({"embed", "--model", "colour-layout", "--dataset", pairs, "--output", sets}).code == 0);
  CHECK_THAT(cli::text_of(sets + "/items.csv"), ContainsSubstring(",session 63\n"));
}

TEST_CASE("random labels: nothing is gained, and a required gain fails or stays undecided") {
  const Work work;
  const auto label = [](std::size_t n, const std::string&) { return "p" + std::to_string(n * 7919 % 13); };
  const auto random = work.csv("random", label, label);
  const auto result =
      work({"adapt", "shop", "--model", "colour-layout", "--dataset", random, "--require-gain", "top1=0.3,map=0.01"});
  CHECK_THAT(result.out, ContainsSubstring("nothing is gained: shop has no shown gain of top-1 over colour-layout"));
  CHECK((result.code == 6 || result.code == 7));
  CHECK_THAT(result.err, ContainsSubstring("gate: a gain of 0.3 in top-1 is "));
}

TEST_CASE("a gallery that labels cannot teach from is refused with the method that can") {
  const Work work;
  const auto refused = [&](const std::string& dataset) {
    return work.refused_map({"--model", "colour-layout", "--dataset", dataset}, 3);
  };
  const std::string next = ". Use --method whiten, which needs no labels\n";
  std::set<std::string> seen;
  const auto singles = work.csv(
      "singles", [&](auto, const std::string& label) { return seen.insert(label).second ? label : "-"; }, own_label);
  CHECK(refused(singles) ==
        "matcher: error: the gallery of \"singles\" has one photo of each of its 16 products, so labels cannot teach "
        "how photos of a product differ" +
            next);
  CHECK(refused(work.csv(
            "one", [](auto, auto) { return "pear"; }, own_label)) ==
        "matcher: error: the gallery of \"one\" has a single label, \"pear\"; learning needs two products or more" +
            next);
  CHECK(refused(work.csv(
            "none", [](auto, auto) { return ""; }, no_item)) ==
        "matcher: error: the gallery of \"none\" has no labels, so --method lda cannot learn from it" + next);
}

TEST_CASE("settings that cannot be are refused") {
  const Work work;
  const std::vector<std::string> all{"--model", "colour-layout", "--dataset", photos()};
  const auto refused = [&](std::vector<std::string> more) {
    more.insert(more.begin(), all.begin(), all.end());
    return work.refused_map(more, 2);
  };
  CHECK(refused({"--dimension", "999"}) ==
        "matcher: error: --dimension 999 is not possible: 64 vectors of 384 dimensions allow 1 to 63\n");
  CHECK(refused({"--method", "whiten", "--shrinkage", "1"}) ==
        "matcher: error: --shrinkage is not a setting of --method whiten; leave it out\n");
  CHECK(refused({"--power", "0.5"}) == "matcher: error: --power is not a setting of --method lda; leave it out\n");
  CHECK(refused({"--method", "centre", "--dimension", "5"}) ==
        "matcher: error: --dimension is not a setting of --method centre; leave it out\n");
  CHECK_THAT(refused({"--require-gain", "top3=0.1"}),
             ContainsSubstring("--require-gain names the metric \"top3\", which is not evaluated"));
  CHECK_FALSE(cli::fs::exists(work.folder() / "w" / "models" / "shop.safetensors"));
}

TEST_CASE("queries that are photos of the gallery are left out, or refused if none is left") {
  const Work work;
  const auto all = work.csv("all", own_label, no_item);
  CHECK(
      work.refused_map({"--model", "colour-layout", "--dataset", all, "--hold-out", "leave-one-out"}, 3) ==
      "matcher: error: 64 of the 64 queries of \"all\" are photos of its gallery, too: a map would be measured on what "
      "it was learnt from. Give other queries, or hold some out with --hold-out 20%\n");
  auto text = cli::text_of(all);
  text += files_below(photos() + "/gallery").at(0).string() + ",pear,queries\n";
  for (const auto& file : files_below(photos() + "/queries"))
    if (file.extension() == ".jpg" || file.extension() == ".png") text += file.string() + ",pear,queries\n";
  cli::write(work.folder() / "shared.csv", text);
  const auto result = work(
      {"adapt", "shop", "--model", "colour-layout", "--dataset", work.folder().str("shared.csv"), "--dimension", "4"},
      false);
  CHECK(result.code == 0);
  CHECK_THAT(result.err, ContainsSubstring("1 of the 37 queries of \"shared\" are photos of its gallery, too, and are "
                                           "left out"));
}

TEST_CASE("a name of another model, an adapted base, and decoding of an adapted model are refused") {
  const Work work;
  CHECK_THAT(work.refused({"adapt", "colour-layout", "--model", "colour-layout", "--dataset", photos()}, 2),
             StartsWith("matcher: error: \"colour-layout\" is the name of another model ("));
  CHECK(work.refused({"adapt", "a/b", "--model", "colour-layout", "--dataset", photos()}, 2) ==
        "matcher: error: \"a/b\" is not a valid model name; use letters, digits, '-', '_' and '.'\n");
  work.adapt({"--dimension", "12", "--shrinkage", "1"});
  CHECK(work.refused({"adapt", "twice", "--model", "shop", "--dataset", photos()}, 2) ==
        "matcher: error: \"shop\" is adapted already; adapt its base: --model colour-layout\n");
  CHECK(
      work.refused({"eval", "--model", "shop@fast", "--dataset", photos()}, 2) ==
      "matcher: error: \"shop@fast\": shop is adapted, and decodes images as its base does. Learn another map: matcher "
      "adapt NEW-NAME --model colour-layout@fast --dataset demo\n");
  CHECK(work.refused({"verify", "shop"}, 2) ==
        "matcher: error: shop is adapted; verify its base: matcher verify colour-layout\n");
}

TEST_CASE("an adapted model whose base is missing or another is refused") {
  const Work work;
  const auto description = work.folder() / "w" / "models" / "own.yaml";
  const auto describe = [&](int size) {
    cli::fs::create_directories(description.parent_path());
    cli::write(description, "builtin: colour-layout\npreprocess: {crop: {height: " + std::to_string(size) +
                                ", width: " + std::to_string(size) + "}}\n");
  };
  describe(64);
  work.adapt({"--dimension", "12", "--shrinkage", "1"}, "own");
  describe(56);
  const auto eval = [&](int code) { return work.refused({"eval", "--model", "shop", "--dataset", photos()}, code); };
  CHECK_THAT(eval(4), StartsWith("matcher: error: the map of \"shop\" was learnt with another own ("));
  CHECK_THAT(eval(4), ContainsSubstring("Learn it again: matcher adapt shop --model own --dataset demo\n"));
  cli::fs::remove(description);
  CHECK_THAT(eval(3), StartsWith("matcher: error: the adapted model \"shop\" needs its base \"own\": unknown model "
                                 "\"own\""));
  CHECK(work({"models"}).code == 0);
}

TEST_CASE("adapt counts images that cannot be read") {
  const cli::Folder work;
  for (const std::string product : {"a", "b"}) {
    for (const std::string name : {"rgb.png", "rgba.png"})
      cli::write(work / "photos" / product / name, cli::text_of(cli::fs::path(MATCHER_TEST_DATA) / "image" / name));
  }
  cli::write(work / "photos" / "b" / "broken.jpg", "no image");
  const auto result = cli::run(
      {"--workdir", work.str("w"), "adapt", "shop", "--model", "colour-layout", "--dataset", work.str("photos")});
  CHECK_THAT(
      result.err,
      ContainsSubstring("matcher: warning: colour-layout: images that could not be read: 1 of the gallery, 0 of the "
                        "queries. matcher embed lists them in failures.csv\n"));
}
