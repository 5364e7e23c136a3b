#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <sstream>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using cli::fs::exists;

namespace {

std::vector<std::string> embed(const cli::Folder& work, const std::string& dataset, const std::string& output) {
  return {"--workdir", work.str("w"), "embed",    "--model",       "colour-layout",
          "--dataset", dataset,       "--output", work.str(output)};
}

void check_same(const cli::Folder& work, const std::string& a, const std::string& b) {
  CHECK(cli::text_of(work / a / "vectors.npy") == cli::text_of(work / b / "vectors.npy"));
  CHECK(cli::text_of(work / a / "items.csv") == cli::text_of(work / b / "items.csv"));
  CHECK(cli::text_of(work / a / "failures.csv") == cli::text_of(work / b / "failures.csv"));
}

}  // namespace

TEST_CASE("embed writes an embedding set, once") {
  const cli::Folder work;
  const auto first = cli::run(embed(work, cli::demo(), "set"));
  CHECK(first.code == 0);
  CHECK(first.err.empty());
  CHECK_THAT(first.out, ContainsSubstring("52 vectors of"));
  CHECK(cli::text_of(work / "set" / "vectors.npy").starts_with("\x93NUMPY"));
  CHECK_FALSE(exists(work / "set.partial"));
  const auto again = cli::run(embed(work, cli::demo(), "set"));
  CHECK_THAT(again.out, ContainsSubstring("up to date"));
}

TEST_CASE("the debug log says why automatic precision is fp32") {
  const cli::Folder work;
  const std::string reason =
      "precision fp32 for \"colour-layout\": LibTorch computes this network, and bf16 is chosen only for matcher's own "
      "kernels";
  auto command = embed(work, cli::demo(), "set");
  command.insert(command.begin(), {"--log-level", "debug"});
  CHECK_THAT(cli::run(command).err, ContainsSubstring(reason));
  command.insert(command.end(), {"--precision", "fp32", "--force"});
  CHECK_THAT(cli::run(command).err, !ContainsSubstring(reason));
}

TEST_CASE("batch size and threads do not change the vectors beyond rounding, nor the items") {
  const cli::Folder work;
  auto small = embed(work, cli::demo(), "small");
  small.insert(small.end(), {"--batch-size", "3", "--threads", "1"});
  REQUIRE(cli::run(embed(work, cli::demo(), "large")).code == 0);
  REQUIRE(cli::run(small).code == 0);
  CHECK(cli::text_of(work / "small" / "items.csv") == cli::text_of(work / "large" / "items.csv"));
}

TEST_CASE("images whose alpha is ignored are counted in a warning, by embed and by query") {
  const cli::Folder work;
  const auto image = [](const std::string& name) {
    return cli::text_of(cli::fs::path(MATCHER_TEST_DATA) / "image" / name);
  };
  cli::write(work / "photos" / "a" / "1.png", image("rgba.png"));
  cli::write(work / "photos" / "a" / "2.png", image("p_one_transparent.png"));
  cli::write(work / "photos" / "b" / "3.png", image("rgb.png"));
  const std::string rest =
      " transparent in part, and model \"colour-layout\" ignores that: hidden colours count. To compose onto white, as "
      "transformers 5 does, write transparent: white under preprocess in the model's description, or export its "
      "checkpoint again\n";
  const auto embedded = cli::run(embed(work, work.str("photos"), "set"));
  CHECK(embedded.code == 0);
  CHECK(embedded.err == "matcher: warning: 2 images are" + rest);
  REQUIRE(cli::run({"--workdir", work.str("w"), "index", "--model", "colour-layout", "--dataset", work.str("photos"),
                    "--output", work.str("index")})
              .code == 0);
  const auto asked = cli::run({"--workdir", work.str("w"), "query", "--index", work.str("index"),
                               work.str("photos/a/1.png"), work.str("photos/b/3.png")});
  CHECK(asked.code == 0);
  CHECK_THAT(asked.err, ContainsSubstring("matcher: warning: 1 image is" + rest));
}

TEST_CASE("images that cannot be used are listed and the rest is embedded") {
  const cli::Folder work;
  const auto good = cli::text_of(cli::fs::path(cli::demo()) / "gallery" / "p0001" / "1.jpg");
  cli::write(work / "photos" / "a" / "1.jpg", good);
  cli::write(work / "photos" / "a" / "2.jpg", "");
  cli::write(work / "photos" / "b" / "3.jpg", good.substr(0, good.size() / 2));
  cli::write(work / "photos" / "b" / "4.jpg", "<!DOCTYPE html>");
  cli::write(work / "photos" / "b" / "5.jpg", good);
  const auto result = cli::run(embed(work, work.str("photos"), "set"));
  CHECK(result.code == 0);
  CHECK_THAT(result.out, ContainsSubstring("2 vectors"));
  CHECK_THAT(result.err, ContainsSubstring("3 images could not be used; the reasons are in " +
                                           (work / "set" / "failures.csv").string() + ""));
  const auto failures = cli::text_of(work / "set" / "failures.csv");
  CHECK_THAT(failures, ContainsSubstring("2.jpg") && ContainsSubstring("3.jpg") && ContainsSubstring("4.jpg"));
  const auto items = cli::text_of(work / "set" / "items.csv");
  CHECK(items.find("1.jpg") < items.find("5.jpg"));
  auto bounded = embed(work, work.str("photos"), "bounded");
  bounded.insert(bounded.end(), {"--max-failures", "2"});
  const auto stopped = cli::run(bounded);
  CHECK(stopped.code == 3);
  CHECK_THAT(stopped.err, ContainsSubstring("--max-failures 2"));
  CHECK_FALSE(exists(work / "bounded"));
}

TEST_CASE("no usable picture at all is an error") {
  const cli::Folder work;
  cli::write(work / "photos" / "a" / "1.jpg", "");
  const auto result = cli::run(embed(work, work.str("photos"), "set"));
  CHECK(result.code == 3);
  CHECK_THAT(result.err, ContainsSubstring("none of the 1 images can be used"));
}

TEST_CASE("a folder that holds something else is never replaced") {
  const cli::Folder work;
  cli::write(work / "precious" / "thesis.txt", "years of work");
  const auto result = cli::run(embed(work, cli::demo(), "precious"));
  CHECK(result.code == 2);
  CHECK_THAT(result.err, ContainsSubstring("nothing was written"));
  CHECK(cli::text_of(work / "precious" / "thesis.txt") == "years of work");
}

TEST_CASE("a place that cannot be written is named") {
  const cli::Folder work;
  const auto result = cli::run({"--workdir", work.str("w"), "embed", "--model", "colour-layout", "--dataset",
                                cli::demo(), "--output", "/proc/nowhere/set"});
  CHECK(result.code == 5);
  CHECK_THAT(result.err, ContainsSubstring("cannot write \"/proc/nowhere"));
}

TEST_CASE("a killed embed is continued and ends with the vectors of a clean run") {
  const cli::Folder work;
  const auto photos = work.str("photos");
  REQUIRE(cli::run({"--output", photos, "--products", "150", "--size", "64", "--unknown", "0"}, {}, MATCHER_DEMO_PHOTOS)
              .code == 0);
  auto with = [&](const char* output) {
    auto arguments = embed(work, photos, output);
    arguments.insert(arguments.end(), {"--batch-size", "4", "--no-cache"});
    return arguments;
  };
  const auto start = std::chrono::steady_clock::now();
  REQUIRE(cli::run(with("clean")).code == 0);
  const auto whole = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  int killed = 0;
  for (const double share : {0.3, 0.4, 0.5, 0.6, 0.7}) killed += cli::run_and_kill(with("killed"), int(share * whole));
  CHECK(killed > 0);
  REQUIRE(cli::run(with("killed")).code == 0);
  check_same(work, "clean", "killed");
}

TEST_CASE("a model with @fast, --decode fast and an index of it decode JPEGs at a reduced size") {
  const cli::Folder work;
  const auto image = [](const std::string& name) {
    return cli::text_of(cli::fs::path(MATCHER_TEST_DATA) / "image" / name);
  };
  cli::write(work / "w/models/small.yaml", "builtin: colour-layout\npreprocess: {resize: {height: 22, width: 30}}\n");
  cli::write(work / "photos/gallery/a/1.jpg", image("big_420.jpg"));
  cli::write(work / "photos/gallery/b/2.jpg", image("big_grey.jpg"));
  cli::write(work / "photos/queries/a/3.jpg", image("big_444.jpg"));
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--workdir", work.str("w")});
    return cli::run(arguments);
  };
  const auto embed_as = [&](const std::string& model, const std::string& output, const std::string& decode) {
    const auto result = run({"embed", "--model", model, "--dataset", work.str("photos"), "--output", work.str(output),
                             "--decode", decode, "--no-cache"});
    CHECK(result.err.empty());
    CHECK(result.code == 0);
    return cli::text_of(work / output / "vectors.npy");
  };
  const auto exact = embed_as("small", "exact", "exact"), fast = embed_as("small@fast", "named", "exact");
  CHECK(exact != fast);
  CHECK(embed_as("small", "asked", "fast") == fast);
  CHECK(embed_as("small@exact", "named-exact", "fast") == exact);

  const auto index = [&](const std::string& model) {
    REQUIRE(run({"index", "--model", model, "--dataset", work.str("photos"), "--output", work.str("index")}).code == 0);
  };
  const auto photo = work.str("photos/gallery/a/1.jpg");
  index("small@fast");
  const auto found = run({"query", "--index", work.str("index"), photo});
  CHECK(found.code == 0);
  CHECK_THAT(found.out, ContainsSubstring("1.000"));
  index("small");
  const auto other = run({"query", "--index", work.str("index"), "--decode", "fast", photo});
  CHECK(other.code == 4);
  CHECK_THAT(other.err, ContainsSubstring("but the queries come from small@fast (384-d"));

  const auto compared = run({"compare", "--models", "small,small@fast", "--dataset", work.str("photos"), "--k", "1"});
  CHECK(compared.code == 0);
  CHECK_THAT(compared.out, ContainsSubstring("\nsmall@fast "));
}
