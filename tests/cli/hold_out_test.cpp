// The first command of a user with one folder per product, and a CSV with other columns.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

/// The gallery of the demo, one folder per product, without queries.
std::string shop() { return cli::demo() + "/gallery"; }

class Work {
 public:
  cli::Result operator()(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--workdir", folder_.str("w")});
    return cli::run(arguments);
  }
  json eval(const std::string& rule) const {
    const auto result =
        (*this)({"eval", "--model", "colour-layout", "--dataset", shop(), "--hold-out", rule, "--format", "json"});
    INFO(result.err);
    REQUIRE(result.code == 0);
    return json::parse(result.out);
  }
  const cli::Folder& folder() const { return folder_; }

 private:
  cli::Folder folder_;
};

}  // namespace

TEST_CASE("a folder without queries is refused with the flag that holds some out") {
  const Work work;
  const auto result = work({"eval", "--model", "colour-layout", "--dataset", shop()});
  CHECK(result.code == 3);
  CHECK(result.err ==
        "matcher: error: dataset \"gallery\" has no queries (test photos). Hold some out: add --hold-out 20% (or put "
        "them in gallery/queries/LABEL/, or name them in a split column)\n");
}

TEST_CASE("held-out queries are evaluated, alike each time") {
  const Work work;
  const auto one = work.eval("1-per-label");
  CHECK(one["dataset"]["queries"] == 12);
  CHECK(one["dataset"]["gallery"] == 12);
  CHECK(one["dataset"]["protocol"] == "1-per-label held out");
  CHECK(work.eval("1-per-label")["metrics"] == one["metrics"]);
  const auto all = work.eval("leave-one-out");
  CHECK(all["dataset"]["queries"] == 24);
  CHECK(all["dataset"]["gallery"] == 24);
  CHECK(all["dataset"]["self_matches"] == 24);
}

TEST_CASE("runs of different rules are refused as different data") {
  const Work work;
  work.eval("1-per-label");
  work.eval("leave-one-out");
  const auto result = work({"compare", work.folder().str("w/runs/gallery-hold-out-1-per-label-colour-layout"),
                            work.folder().str("w/runs/gallery-hold-out-leave-one-out-colour-layout")});
  CHECK(result.code == 4);
  CHECK_THAT(result.err, ContainsSubstring("their protocols are \"1-per-label held out\" and \"leave-one-out\""));
}

TEST_CASE("compare, fuse and views hold queries out, too") {
  const Work work;
  const std::string models = "colour-layout,gradient-layout";
  for (const auto& command :
       std::vector<std::vector<std::string>>{{"compare", "--models", models},
                                             {"fuse", "--models", models},
                                             {"views", "--model", "colour-layout", "--counts", "1"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--dataset", shop(), "--hold-out", "50%"});
    const auto result = work(arguments);
    CAPTURE(command[0], result.err);
    CHECK(result.code == 0);
    CHECK_THAT(result.out, ContainsSubstring("50% held out"));
  }
}

TEST_CASE("a CSV with semicolons and other columns is read by --columns") {
  const Work work;
  const auto csv = work.folder() / "products.csv";
  cli::write(csv, "filename;sku\n" + shop() + "/p0001/1.jpg;tea\n" + shop() + "/p0002/1.jpg;milk\n");
  const auto embed = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"embed", "--model", "colour-layout", "--dataset", csv.string()});
    return work(more);
  };
  CHECK(embed({}).err == "matcher: error: " + csv.string() +
                             ":1: no column is called \"path\", and \"filename\" is not an image. Name the columns, "
                             "for example --csv-columns path=filename,label=sku, or in a dataset.yaml\n");
  const auto result = embed({"--columns", "path=filename,label=sku"});
  CHECK(result.code == 0);
  CHECK_THAT(result.out, ContainsSubstring("2 vectors"));
  CHECK(embed({"--columns", "path=filenam"}).err ==
        "matcher: error: " + csv.string() +
            ":1: no column \"filenam\". The columns are: filename, sku; did you mean \"filename\"?\n");
}
