// Wrong commands fail before the first image is read.
#include <catch2/catch_test_macros.hpp>

#include "cli/program.hpp"

namespace {

/// The work folder of a command that must embed nothing.
class Untouched {
 public:
  /// Checks the exit code and the whole error, and that no embedding was begun.
  void refuses(std::vector<std::string> arguments, int code, const std::string& error) const {
    arguments.insert(arguments.begin(), {"--workdir", work_.str("w")});
    CAPTURE(arguments);
    const auto result = cli::run(arguments);
    CHECK(result.code == code);
    CHECK(result.err == "matcher: error: " + error + "\n");
    CHECK(result.out.empty());
    CHECK_FALSE(cli::fs::exists(work_ / "w/embeddings"));
  }

 private:
  cli::Folder work_;
};

const std::string unknown_model =
    "unknown model \"colour-layot\"; did you mean \"colour-layout\"? (matcher models lists "
    "them)";
const std::string not_writable = ": No such file or directory. Choose a writable place";

}  // namespace

TEST_CASE("embed checks names and places first") {
  const Untouched work;
  const auto demo = cli::demo();
  work.refuses({"embed", "--model", "colour-layot", "--dataset", demo}, 2, unknown_model);
  work.refuses({"embed", "--model", "colour-layout+colour-layot", "--dataset", demo}, 2, unknown_model);
  work.refuses({"embed", "--model", "colour-layout", "--dataset", demo, "--device", "gpu"}, 2,
               "unknown device \"gpu\". Use auto, cpu, cuda, cuda:N or cuda:N,M");
  work.refuses({"embed", "--model", "colour-layout", "--dataset", demo, "--output", "/proc/x"}, 5,
               "cannot write \"/proc/x.partial\"" + not_writable);
}

TEST_CASE("index checks the type and the place first") {
  const Untouched work;
  const cli::Folder out;
  const std::vector<std::string> index{"index", "--model", "colour-layout", "--dataset", cli::demo()};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), index.begin(), index.end());
    return more;
  };
  work.refuses(with({"--output", out.str("i"), "--type", "hsnw"}), 2,
               "FAISS refuses index type \"hsnw\" for 384-d vectors (could not parse index string hsnw); did you mean "
               "\"hnsw\"?");
  work.refuses(with({"--output", out.str("i"), "--type", "IVF4096,Flat"}), 2,
               "index type \"IVF4096,Flat\" needs at least 159744 vectors to train, but there are 24; use --type flat, "
               "hnsw or ivf-flat, or a factory string with fewer lists or bits");
  work.refuses(with({"--output", "/proc/x"}), 5, "cannot write \"/proc/x\"" + not_writable);
  CHECK_FALSE(cli::fs::exists(out / "i"));
}

TEST_CASE("eval checks metrics, limits and places first") {
  const Untouched work;
  const auto refuses = [&](std::vector<std::string> more, int code, const std::string& error) {
    const std::vector<std::string> eval{"eval", "--model", "colour-layout", "--dataset", cli::demo()};
    more.insert(more.begin(), eval.begin(), eval.end());
    work.refuses(more, code, error);
  };
  refuses({"--metrics", "topp1"}, 2,
          "unknown metric \"topp1\"; use ndcg, rprec, mrr, map, or with a k such as 10: top10, precision10, recall10, "
          "ndcg10");
  refuses({"--fail-below", "topp1=0.5"}, 2,
          "--fail-below names the metric \"topp1\", which is not evaluated (top1,top5,top10,mrr,map); did you mean "
          "\"top1\"?");
  refuses({"--write-to", "/nope/x.json"}, 5, "cannot write \"/nope/x.json\"" + not_writable);
  refuses({"--output", "/proc/x"}, 5, "cannot write \"/proc/x\"" + not_writable);
  refuses({"--format", "xml"}, 2, "unknown format \"xml\"; use table, markdown, csv, latex, json or html");
}

TEST_CASE("compare checks every model, the gate and all files first") {
  const Untouched work;
  const auto refuses = [&](const std::string& models, std::vector<std::string> more, int code,
                           const std::string& error) {
    more.insert(more.begin(), {"compare", "--models", models, "--dataset", cli::demo()});
    work.refuses(more, code, error);
  };
  const std::string models = "colour-layout,gradient-layout";
  refuses("colour-layout,colour-layot", {}, 2, unknown_model);
  refuses(models, {"--baseline", "nope"}, 2,
          "--baseline \"nope\" is neither among the compared models nor the folder of a run; known: colour-layout, "
          "gradient-layout");
  refuses(models, {"--max-drop", "topp1=0.1"}, 2,
          "--max-drop names the metric \"topp1\", which is not evaluated (top1,top5,top10,mrr,map); did you mean "
          "\"top1\"?");
  refuses(models, {"--max-drop-label", "ndcg=0.1"}, 2,
          "--max-drop-label names the metric \"ndcg\", which is not evaluated (top1,top5,top10,mrr,map); add it to "
          "--metrics");
  refuses(models, {"--sort", "topp1"}, 2,
          "--sort topp1 is not one of the metrics of this comparison: top1, top5, top10, mrr, map");
  refuses(
      models, {"--columns", "top1,speed"}, 2,
      "there is no column \"speed\". Use model | top-1 | top-1 gain, points | top-5 | top-10 | MRR | mAP | broken | "
      "fixed | size | dim");
  refuses(models, {"--columns", "fixed", "--by", "label"}, 2,
          "--by cannot be used with --columns; see matcher compare --help");
  refuses(models, {"--sort", "map", "--format", "html"}, 2,
          "--by, --sort and --columns are for tables, but --format is html. Leave them out, or use --format table, "
          "markdown, csv or latex");
  refuses(models, {"--price-hour", "0.5"}, 2, "--price-hour needs the measured speed of the models. Add --speed");
  refuses(models, {"--max-drop", "top1=0.1", "--junit", "/nope/g.xml"}, 5,
          "cannot write \"/nope/g.xml\"" + not_writable);
  refuses(models, {"--summary", "/nope/s.md"}, 5, "cannot write \"/nope/s.md\"" + not_writable);
  refuses(models, {"--write-to", "/nope/x.html", "--format", "html"}, 5,
          "cannot write \"/nope/x.html\"" + not_writable);
}

TEST_CASE("fuse checks every model, the other dataset and the place first") {
  const Untouched work;
  const auto refuses = [&](const std::string& models, std::vector<std::string> more, int code,
                           const std::string& error) {
    more.insert(more.begin(), {"fuse", "--models", models, "--dataset", cli::demo()});
    work.refuses(more, code, error);
  };
  const std::string models = "colour-layout,gradient-layout";
  refuses("colour-layout,colour-layot", {}, 2, unknown_model);
  refuses(models, {"--tune-on", "/nope/shop"}, 3,
          "\"/nope/shop\" does not exist. Give a name, or the path of a dataset.yaml, a CSV or a folder");
  refuses(models, {"--output", "/proc/x"}, 5, "cannot write \"/proc/x\"" + not_writable);
  refuses(models, {"--metrics", "mrr"}, 2,
          "fuse counts correct and wrong answers. Add a top-k accuracy to --metrics, for example top1");
}

TEST_CASE("views needs queries before it embeds the gallery") {
  const Untouched work;
  const cli::Folder data;
  cli::write(data / "shop.csv", "path,label\n" + cli::demo() + "/none.png,tea\n");
  work.refuses({"views", "--model", "colour-layout", "--dataset", data.str("shop.csv"), "--write-to", "/nope/v"}, 5,
               "cannot write \"/nope/v\"" + not_writable);
  const auto result =
      cli::run({"--workdir", data.str("w"), "views", "--model", "colour-layout", "--dataset", data.str("shop.csv")});
  CHECK(result.code == 3);
  CHECK(result.err.starts_with("matcher: error: dataset \"shop\" has no queries"));
  CHECK_FALSE(cli::fs::exists(data / "w/embeddings"));
}

TEST_CASE("threshold and eval find a wrong model of an index before they embed queries") {
  const cli::Folder out;
  const auto index = out.str("index");
  REQUIRE(cli::run({"--workdir", out.str("other"), "index", "--model", "colour-layout", "--dataset", cli::demo(),
                    "--output", index})
              .code == 0);
  for (const std::string command : {"threshold", "eval"}) {
    for (const std::string model : {"gradient-layout", "colour-layout+gradient-layout"}) {
      const auto result =
          cli::run({"--workdir", out.str("w"), command, "--index", index, "--model", model, "--dataset", cli::demo()});
      CAPTURE(command, model, result.err);
      CHECK(result.code == 4);
      CHECK(result.err.starts_with("matcher: error: index \"" + index + "\" was built by colour-layout"));
      CHECK_FALSE(cli::fs::exists(out / "w/embeddings"));
    }
  }
  const Untouched work;
  work.refuses({"threshold", "--index", index, "--model", "colour-layot"}, 2, unknown_model);
  work.refuses({"threshold", "--index", index, "--write-to", "/nope/t"}, 5, "cannot write \"/nope/t\"" + not_writable);
  work.refuses({"query", "--index", index, "--model", "colour-layot", "x.jpg"}, 2, unknown_model);
  work.refuses({"query", "--index", index, "--write-to", "/nope/q", "x.jpg"}, 5,
               "cannot write \"/nope/q\"" + not_writable);
}

TEST_CASE("an index of an ensemble is searched by the same ensemble only") {
  const cli::Folder out;
  const auto index = out.str("index");
  const auto run = [&](const std::string& workdir, const std::string& command, const std::string& model,
                       std::vector<std::string> more) {
    more.insert(more.begin(), {"--workdir", out.str(workdir), command, "--model", model, "--dataset", cli::demo()});
    return cli::run(more);
  };
  REQUIRE(run("other", "index", "colour-layout:3+gradient-layout:2", {"--output", index}).code == 0);
  for (const std::string other : {"colour-layout+gradient-layout", "gradient-layout:2+colour-layout:3"}) {
    const auto refused = run("w", "eval", other, {"--index", index});
    CAPTURE(other, refused.err);
    CHECK(refused.code == 4);
    CHECK_FALSE(cli::fs::exists(out / "w/embeddings"));
  }
  CHECK(run("w", "eval", "colour-layout:0.6+gradient-layout:0.4", {"--index", index}).code == 0);
}

TEST_CASE("export checks the place first") {
  const Untouched work;
  work.refuses({"export", "colour-layout", "--output", "/proc/x"}, 5, "cannot write \"/proc/x\"" + not_writable);
}

TEST_CASE("a wrong flag is named for what it is") {
  const Untouched work;
  work.refuses({"compare", "--models", "a,b", "--index=ix"}, 2, "unknown flag --index; see matcher compare --help");
  work.refuses({"compare", "c", "--models", "a,b"}, 2, "--models cannot be used with runs; see matcher compare --help");
  work.refuses({"eval", "--model", "a", "b"}, 2, "unexpected argument \"b\"; see matcher eval --help");
  work.refuses({"eval", "--model"}, 2, "--model needs a value; see matcher eval --help");
  work.refuses({"eval", "--model", "a", "--model", "b"}, 2, "--model is given more than once; see matcher eval --help");
  work.refuses({"embed", "--split", "galery"}, 2,
               "--split must be gallery, queries or all, not \"galery\"; did you mean \"gallery\"?; see matcher embed "
               "--help");
  work.refuses({"embed", "--threads", "2000"}, 2,
               "--threads must be from 0 to 1024, not \"2000\"; see matcher embed --help");
  work.refuses({"embed", "--max-failures", "x"}, 2,
               "--max-failures must be a whole number, 0 or more, not \"x\"; see matcher embed --help");
  work.refuses({"eval", "--metrics", "top-1", "--model", "colour-layout", "--dataset", cli::demo()}, 2,
               "unknown metric \"top-1\"; did you mean \"top1\"?");
  for (const std::string seed : {"x", "-1", "0x10", " 5", "+5"})
    work.refuses({"views", "--seed", seed}, 2,
                 std::string("--seed must be ") + (seed == "-1" ? "" : "a whole number, ") + "0 or more, not \"" +
                     seed + "\"; see matcher views --help");
  work.refuses({"views", "--seed", "99999999999999999999"}, 2,
               "--seed must be 0 or more, not \"99999999999999999999\"; see matcher views --help");
  work.refuses({"export", "x", "--size", "1e400"}, 2,
               "--size must be a whole number, from 1 to 16384, not \"1e400\"; see matcher export --help");
  work.refuses({"threshold", "--false-alarms", "0x1p-4"}, 2,
               "--false-alarms must be a number from 0 to 1, not \"0x1p-4\"; see matcher threshold --help");
}

TEST_CASE("demo photos refuse a number that is none, and do not wrap it around") {
  const cli::Folder folder;
  const std::string photos = folder.str("photos");
  for (const std::string seed : {"-1", "99999999999999999999", "0x10", " 5"}) {
    const auto result = cli::run({"--output", photos, "--seed", seed}, {}, MATCHER_DEMO_PHOTOS);
    CHECK(result.code == 2);
    CHECK(result.err == "matcher-demo-photos: --seed: must be a whole number from 0 to 18446744073709551615, not \"" +
                            seed + "\"; see --help\n");
    CHECK_FALSE(cli::fs::exists(photos));
  }
}
