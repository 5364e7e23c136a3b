// Only what changed is embedded; shards; plans and rollback of an index.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

class Work {
 public:
  cli::Result operator()(std::vector<std::string> arguments, const std::vector<std::string>& environment = {}) const {
    arguments.insert(arguments.begin(), {"--workdir", folder_.str("w")});
    return cli::run(arguments, environment);
  }
  std::string str(const std::string& name) const { return folder_.str(name); }
  cli::fs::path operator/(const std::string& name) const { return folder_ / name; }

  /// A copy of the demo photos that may be changed.
  std::string photos() const {
    cli::fs::copy(cli::demo(), folder_ / "photos", cli::fs::copy_options::recursive);
    return folder_.str("photos");
  }

  /// Takes a photo out of the listing of `photos`.
  void list_without(const std::string& photos, const std::string& path) const {
    auto listing = cli::text_of(photos + "/items.csv");
    const auto at = listing.find(path);
    REQUIRE(at != std::string::npos);
    listing.erase(at, listing.find('\n', at) + 1 - at);
    cli::write(photos + "/items.csv", listing);
  }

 private:
  cli::Folder folder_;
};

void done(const cli::Result& result) {
  INFO(result.err);
  REQUIRE(result.code == 0);
}

json run_of(const std::string& text) {
  auto report = json::parse(text);
  report.erase("speed");
  return report;
}

}  // namespace

TEST_CASE("after a change of one photo, one photo is embedded") {
  const Work work;
  const auto photos = work.photos();
  const auto eval = [&] { return work({"eval", "--model", "colour-layout", "--dataset", photos, "--format", "json"}); };
  const auto first = eval();
  done(first);
  CHECK_THAT(first.err, !ContainsSubstring("from the cache"));
  cli::fs::copy_file(photos + "/queries/p0002/1.jpg", photos + "/gallery/p0001/1.jpg",
                     cli::fs::copy_options::overwrite_existing);
  cli::fs::copy_file(photos + "/gallery/p0003/1.jpg", photos + "/gallery/p0002/1.jpg",
                     cli::fs::copy_options::overwrite_existing);
  cli::write(photos + "/gallery/p0004/1.jpg",
             cli::text_of(photos + "/gallery/p0004/1.jpg") + "!");  // new bytes, same pixels
  const auto second = eval();
  done(second);
  // One of the 24 gallery photos has new bytes. The bytes of two others are known under other names.
  CHECK_THAT(second.err, ContainsSubstring("colour-layout: 23 of 24 vectors from the cache, 1 embedded\n"));
  const auto without = work({"eval", "--model", "colour-layout", "--dataset", photos, "--format", "json", "--output",
                             work.str("fresh"), "--no-cache", "--batch-size", "5"});
  done(without);
  CHECK(run_of(without.out) == run_of(second.out));
}

TEST_CASE("an unchanged eval loads no network, and says the same") {
  const Work work;
  const std::vector<std::string> eval{"eval", "--model", "colour-layout", "--dataset", cli::demo(), "--format", "json"};
  const auto first = work(eval);
  done(first);
  const auto second = work(eval, {"LD_DEBUG=files"});
  CHECK(second.code == 0);
  CHECK_THAT(second.err, ContainsSubstring("libyaml-cpp") && !ContainsSubstring("libmatcher_torch"));
  CHECK(run_of(second.out) == run_of(first.out));
  auto fp32 = eval;
  fp32.insert(fp32.end(), {"--precision", "fp32"});
  CHECK_THAT(work(fp32, {"LD_DEBUG=files"}).err, ContainsSubstring("libmatcher_torch"));  // another request
}

TEST_CASE("damaged vectors of the cache are told, and embedded again") {
  const Work work;
  const auto embed = [&](const char* output) {
    return work({"embed", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str(output)});
  };
  done(embed("a"));
  for (const auto& entry : cli::fs::recursive_directory_iterator(work / "w" / "cache")) {
    if (entry.path().extension() != ".pack") continue;
    auto bytes = cli::text_of(entry.path());
    bytes[64 + 40] = char(bytes[64 + 40] ^ 1);
    cli::write(entry.path(), bytes);
  }
  const auto again = embed("b");
  done(again);
  CHECK_THAT(again.err, ContainsSubstring("1 damaged entries of the cache were not used"));
  CHECK(cli::text_of(work / "a" / "vectors.npy") == cli::text_of(work / "b" / "vectors.npy"));
}

TEST_CASE("the cache is shown and pruned") {
  const Work work;
  const auto empty = work({"cache"});
  done(empty);
  CHECK_THAT(empty.out, ContainsSubstring("0 B in all"));
  done(work({"embed", "--model", "colour-layout", "--dataset", cli::demo()}));
  const auto shown = json::parse(work({"cache", "--format", "json"}).out);
  CHECK(shown["schema"] == "matcher.cache/1");
  REQUIRE(shown["models"].size() == 1);
  CHECK(shown["models"][0]["model"] == "colour-layout");
  CHECK(shown["models"][0]["vectors"] == 52);
  CHECK(work({"cache", "--prune"}).code == 2);
  CHECK(work({"cache", "--max-size", "1GB"}).code == 2);
  CHECK_THAT(work({"cache", "--prune", "--unused-for", "1d"}).out, ContainsSubstring("0 files of 0 B removed"));
  CHECK_THAT(work({"cache", "--prune", "--model", "colour-layout"}).out, ContainsSubstring("1 files of"));
  CHECK_THAT(work({"cache"}).out, ContainsSubstring("0 B in all"));
}

TEST_CASE("cached vectors with a damaged key are reported, and can be removed") {
  const Work work;
  done(work({"embed", "--model", "colour-layout", "--dataset", cli::demo()}));
  const auto folder = cli::fs::directory_iterator(work / "w" / "cache")->path();
  auto key = cli::text_of(folder / "key.json");
  key.at(key.find("384")) = '9';
  cli::write(folder / "key.json", key);
  const auto shown = work({"cache"});
  CHECK(shown.code == 0);
  CHECK_THAT(shown.out, ContainsSubstring("0 B in all"));
  const auto name = folder.filename().string();
  CHECK(shown.err == "matcher: warning: \"" + folder.string() +
                         "\" has 80.5 KiB of vectors, but its key.json is damaged, so they are not listed. Embed again "
                         "with their model, which restores it, or remove them: matcher cache --prune --model " +
                         name + "\n");
  CHECK_THAT(work({"cache", "--prune", "--model", name}).out, ContainsSubstring("1 files of 80.5 KiB removed"));
  CHECK(work({"cache"}).err.empty());
}

TEST_CASE("shards are the whole, in any order") {
  const Work work;
  const auto demo = cli::demo();
  std::vector<std::string> sets;
  for (const char* shard : {"3/3", "1/3", "2/3"}) {
    sets.push_back(work.str(std::string("s") + shard[0]));
    done(work({"embed", "--model", "colour-layout", "--dataset", demo, "--shard", shard, "--output", sets.back(),
               "--no-cache"}));
  }
  done(work({"embed", "--model", "colour-layout", "--dataset", demo, "--output", work.str("whole"), "--no-cache"}));
  const auto with = [](std::vector<std::string> arguments, const std::vector<std::string>& folders) {
    arguments.push_back("--embeddings");
    arguments.insert(arguments.end(), folders.begin(), folders.end());
    return arguments;
  };
  done(work(with({"index", "--output", work.str("many")}, sets)));
  done(work(with({"index", "--output", work.str("one")}, {work.str("whole")})));
  for (const char* file : {"index.faiss", "items.csv"})
    CHECK(cli::text_of(work / "many" / file) == cli::text_of(work / "one" / file));
  const auto many = work(with({"eval", "--format", "json"}, sets)),
             one = work(with({"eval", "--format", "json"}, {work.str("whole")}));
  const auto plain = work({"eval", "--model", "colour-layout", "--dataset", demo, "--format", "json"});
  done(many);
  done(one);
  done(plain);
  CHECK(run_of(many.out) == run_of(one.out));
  CHECK(run_of(many.out)["metrics"] == run_of(plain.out)["metrics"]);

  const auto missing = work(with({"index", "--output", work.str("x")}, {sets[0], sets[1]}));
  CHECK(missing.code == 4);
  CHECK_THAT(
      missing.err,
      ContainsSubstring("shard 2 of 3 of \"demo\" by colour-layout is missing; make it with: matcher embed --model "
                        "colour-layout --dataset demo --split all --shard 2/3"));
  const auto twice = work(with({"eval"}, {sets[0], sets[1], sets[2], sets[1]}));
  CHECK(twice.code == 4);
  CHECK_THAT(twice.err, ContainsSubstring("shard 1/3 is given twice: " + sets[1] + " and " + sets[1]));

  done(work({"embed", "--model", "gradient-layout", "--dataset", demo, "--shard", "2/3", "--output",
             work.str("other-model")}));
  const auto model = work(with({"eval"}, {sets[0], sets[1], work.str("other-model")}));
  CHECK(model.code == 4);
  CHECK_THAT(model.err, ContainsSubstring("was embedded by colour-layout") && ContainsSubstring("by gradient-layout"));

  const auto photos = work.photos();
  work.list_without(photos, "gallery/p0001/1.jpg");
  done(work({"embed", "--model", "colour-layout", "--dataset", photos, "--shard", "2/3", "--output",
             work.str("other-data")}));
  const auto data = work(with({"index", "--output", work.str("x")}, {sets[0], sets[1], work.str("other-data")}));
  CHECK(data.code == 4);
  CHECK_THAT(data.err, ContainsSubstring("with other items; embed all shards of one dataset"));

  const auto overlap = work(with({"index", "--output", work.str("x")}, {work.str("whole"), work.str("whole")}));
  CHECK(overlap.code == 4);
  CHECK_THAT(overlap.err, ContainsSubstring("joined sets must hold each item once"));
  CHECK_FALSE(cli::fs::exists(work / "x"));
}

TEST_CASE("a shard that there cannot be is a wrong flag") {
  const Work work;
  for (const char* shard : {"0/3", "4/3", "3", "a/b", "1/3x", "99/99"}) {
    INFO(shard);
    CHECK(work({"embed", "--model", "colour-layout", "--dataset", cli::demo(), "--shard", shard}).code == 2);
  }
}

TEST_CASE("index tells what changed, keeps the index before, and goes back to it and forth") {
  const Work work;
  const auto photos = work.photos();
  const auto index = [&](std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"index", "--model",  "colour-layout",  "--dataset",
                                       photos,  "--output", work.str("shelf")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return work(arguments);
  };
  const auto none = work({"index", "--output", work.str("shelf"), "--rollback"});
  CHECK(none.code == 3);
  CHECK_THAT(none.err, ContainsSubstring("shelf.previous\" does not exist"));
  CHECK_THAT(index().out, !ContainsSubstring("since the replaced index"));
  const auto before = cli::text_of(work / "shelf" / "items.csv");
  work.list_without(photos, "gallery/p0001/1.jpg");
  cli::fs::copy_file(photos + "/queries/p0002/1.jpg", photos + "/gallery/p0002/1.jpg",
                     cli::fs::copy_options::overwrite_existing);
  cli::fs::copy_file(photos + "/queries/p0003/1.jpg", photos + "/gallery/p0003/9.jpg");
  cli::fs::copy_file(photos + "/queries/p0003/2.jpg", photos + "/gallery/p0003/8.jpg");
  cli::write(photos + "/items.csv",
             cli::text_of(photos + "/items.csv") +
                 "gallery/p0003/9.jpg,p0003,gallery,9,bottle\ngallery/p0003/8.jpg,p0003,gallery,9,bottle\n");
  const auto changed = index();
  done(changed);
  CHECK_THAT(changed.out, ContainsSubstring("2 added, 1 changed, 1 removed since the replaced index\n"));
  const auto after = cli::text_of(work / "shelf" / "items.csv");
  CHECK(cli::text_of(work / "shelf.previous" / "items.csv") == before);
  const auto back = work({"index", "--output", work.str("shelf"), "--rollback"});
  done(back);
  CHECK_THAT(back.out, ContainsSubstring("rolled back"));
  CHECK(cli::text_of(work / "shelf" / "items.csv") == before);
  done(work({"index", "--output", work.str("shelf"), "--rollback"}));
  CHECK(cli::text_of(work / "shelf" / "items.csv") == after);
  CHECK(work({"query", "--index", work.str("shelf"), photos + "/queries/p0001/1.jpg"}).code == 0);
}

TEST_CASE("a plan tells what an index would cost and writes nothing") {
  const Work work;
  const auto plan = work({"index", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str("shelf"),
                          "--plan", "--memory-budget", "1GiB"});
  done(plan);
  CHECK_THAT(plan.out, ContainsSubstring("Flat for 24 vectors of 384 dimensions: exact") &&
                           ContainsSubstring("disk: 36.0 KiB\n") && ContainsSubstring("memory to build: at most") &&
                           ContainsSubstring("time to build: about"));
  CHECK_THAT(
      plan.out,
      ContainsSubstring("\n\ntype         memory    ms per query  recall@10  build  planned\nFlat         36.0 KiB"));
  CHECK_FALSE(cli::fs::exists(work / "shelf"));
  CHECK_FALSE(cli::fs::exists(work / "w" / "embeddings"));
  const auto small = work({"index", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str("shelf"),
                           "--memory-budget", "10kB"});
  CHECK(small.code == 5);
  CHECK_THAT(small.err, ContainsSubstring("fits into --memory-budget 9.8 KiB; the smallest takes 36.0 KiB"));
}

TEST_CASE("the manifest of an index says why it is of its type, its recall and its speed") {
  const Work work;
  done(work({"index", "--model", "colour-layout", "--dataset", cli::demo(), "--output", work.str("shelf"), "--type",
             "hnsw"}));
  const auto manifest = json::parse(cli::text_of(work / "shelf" / "manifest.json"));
  CHECK(manifest["reason"] == "as requested");
  CHECK(manifest["quality"]["sample"] == 24);
  CHECK(manifest["quality"]["recall_at_10"] > 0);
  CHECK(manifest["quality"]["recall_at_10"] <= 1);
  CHECK(manifest["speed"]["queries_per_second"] > 0);
}
