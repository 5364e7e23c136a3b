// Every command that writes, in a folder full of files and folders with the names that temporary ones have.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <map>

#include "cli/program.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

namespace fs = cli::fs;

constexpr const char* random_ends[] = {".tmp", ".tmp-0123456789abcdef", ".tmp-12345", ".previous.tmp", ".old"};

/// Puts files of a user beside `output`, in folders with temporary names and as files with such names.
void write_traps(const cli::Folder& work, const std::string& output) {
  for (const std::string end : random_ends) cli::write(work / (output + end) / "thesis.txt", output + end);
  cli::write(work / "elsewhere" / ".matcher-temporary", "");
  cli::write(work / "elsewhere" / "thesis.txt", "elsewhere");
  fs::create_directory_symlink("elsewhere", work / (output + ".tmp-fedcba9876543210"));
  cli::write(work / (output + ".tmp-0000000000000000"), "a file");
}

void check_traps(const cli::Folder& work, const std::string& output) {
  for (const std::string end : random_ends) CHECK(cli::text_of(work / (output + end) / "thesis.txt") == output + end);
  CHECK(cli::text_of(work / "elsewhere" / "thesis.txt") == "elsewhere");
  CHECK(fs::exists(work / "elsewhere" / ".matcher-temporary"));
  CHECK(fs::is_symlink(work / (output + ".tmp-fedcba9876543210")));
  CHECK(cli::text_of(work / (output + ".tmp-0000000000000000")) == "a file");
}

}  // namespace

TEST_CASE("no command that writes touches files with temporary names") {
  const cli::Folder work;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--workdir", work.str("w"), "--quiet"});
    const auto result = cli::run(arguments);
    INFO(result.err);
    CHECK(result.code == 0);
  };
  const auto writes = [&](const std::string& output, const std::vector<std::string>& arguments) {
    INFO(output);
    fs::remove_all(work / "elsewhere");
    write_traps(work, output);
    run(arguments);
    CHECK(fs::exists(work / output));
    run(arguments);  // and again, which replaces the output
    check_traps(work, output);
  };
  const std::vector<std::string> input{"--model", "colour-layout", "--dataset", cli::demo()};
  const auto with = [&](const std::string& command, const std::vector<std::string>& more, bool with_input = true) {
    std::vector<std::string> arguments{command};
    if (with_input) arguments.insert(arguments.end(), input.begin(), input.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  writes("set", with("embed", {"--output", work.str("set"), "--batch-size", "3"}));
  writes("shelf", with("index", {"--output", work.str("shelf")}));
  writes("run", with("eval", {"--output", work.str("run")}));
  run({"eval", "--model", "gradient-layout", "--dataset", cli::demo(), "--output", work.str("run2")});
  writes("fused", {"fuse", work.str("run"), work.str("run2"), "--output", work.str("fused")});
  writes("report.csv", {"eval", "--run", work.str("run"), "--format", "csv", "--write-to", work.str("report.csv")});
  writes("gate.xml",
         {"compare", work.str("run"), work.str("run2"), "--max-drop", "top1=1", "--junit", work.str("gate.xml")});
  writes("views.json", with("views", {"--format", "json", "--write-to", work.str("views.json")}));
  writes("shelf/threshold.json", {"threshold", "--index", work.str("shelf"), "--dataset", cli::demo(), "--model",
                                  "colour-layout", "--false-alarms", "0.9"});
  writes("model.pt", {"export", "colour-layout", "--output", work.str("model.pt")});
}

TEST_CASE("embed refuses a folder or a link of the user in the place of unfinished work") {
  const cli::Folder work;
  const std::vector<std::string> arguments{"--workdir", work.str("w"), "embed",    "--model",      "colour-layout",
                                           "--dataset", cli::demo(),   "--output", work.str("set")};
  const auto refused = [&](const std::string& reason) {
    const auto result = cli::run(arguments);
    CHECK(result.code == 2);
    CHECK(result.err == "matcher: error: \"" + work.str("set.partial") +
                            "\" is the place for unfinished embeddings, but " + reason +
                            "; nothing was written. Move it away, or give --output another folder\n");
  };
  SECTION("a folder") {
    cli::write(work / "set.partial" / "thesis.txt", "x");
    refused("it holds \"thesis.txt\"");
    CHECK(cli::text_of(work / "set.partial" / "thesis.txt") == "x");
  }
  SECTION("a link") {
    cli::write(work / "elsewhere" / "key", "x");
    fs::create_directory_symlink("elsewhere", work / "set.partial");
    refused("it is a link");
    CHECK(cli::text_of(work / "elsewhere" / "key") == "x");
  }
}

TEST_CASE("a cache that cannot be written costs a warning, never the command") {
  const cli::Folder work;
  cli::write(work / "w" / "cache", "a file");
  const auto result = cli::run({"--workdir", work.str("w"), "embed", "--model", "colour-layout", "--dataset",
                                cli::demo(), "--output", work.str("set")});
  CHECK(result.code == 0);
  CHECK_THAT(result.err, ContainsSubstring("new vectors are not cached, and a later run embeds their images again: "
                                           "cannot write \"" +
                                           work.str("w/cache")));
  CHECK(fs::exists(work / "set" / "vectors.npy"));
}

TEST_CASE("failures.csv has every row when embed gives up") {
  const cli::Folder work;
  for (const char* name : {"1.jpg", "2.jpg", "3.jpg"}) cli::write(work / "photos" / "a" / name, "no image");
  std::vector<std::string> arguments{"--workdir", work.str("w"),      "embed",    "--model",      "colour-layout",
                                     "--dataset", work.str("photos"), "--output", work.str("set")};
  SECTION("no image is usable") {}
  SECTION("more than --max-failures") { arguments.insert(arguments.end(), {"--max-failures", "2", "--threads", "1"}); }
  CHECK(cli::run(arguments).code == 3);
  const auto rows = cli::text_of(work / "set.partial" / "failures.csv");
  for (const char* name : {"1.jpg", "2.jpg", "3.jpg"}) CHECK_THAT(rows, ContainsSubstring(name));
}

TEST_CASE("embed embeds again if a photo is exchanged in place, or a byte of the set flipped") {
  const cli::Folder work;
  const auto photo = work / "photos" / "a" / "1.jpg";
  const auto text = [&](const char* path) { return cli::text_of(cli::fs::path(cli::demo()) / path); };
  cli::write(photo, text("gallery/p0001/1.jpg"));
  cli::write(work / "photos" / "b" / "2.jpg", text("gallery/p0002/1.jpg"));
  const auto embed = [&] {
    return cli::run({"--workdir", work.str("w"), "embed", "--model", "colour-layout", "--dataset", work.str("photos"),
                     "--output", work.str("set")})
        .out;
  };
  embed();
  CHECK_THAT(embed(), ContainsSubstring("up to date"));
  const auto before = cli::text_of(work / "set" / "items.csv");
  SECTION("a photo") {
    const auto time = fs::last_write_time(photo);
    auto other = text("gallery/p0003/1.jpg");
    other.resize(fs::file_size(photo), '\0');
    cli::write(photo, other);
    fs::last_write_time(photo, time);
    CHECK_THAT(embed(), !ContainsSubstring("up to date"));
    CHECK(cli::text_of(work / "set" / "items.csv") != before);
  }
  SECTION("a byte") {
    const auto vectors = cli::text_of(work / "set" / "vectors.npy");
    auto damaged = vectors;
    damaged[200] ^= 1;
    cli::write(work / "set" / "vectors.npy", damaged);
    CHECK_THAT(embed(), !ContainsSubstring("up to date"));
    CHECK(cli::text_of(work / "set" / "vectors.npy") == vectors);
  }
}

TEST_CASE("a folder with a file of the user is not replaced") {
  const cli::Folder work;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--workdir", work.str("w"), "--quiet"});
    return cli::run(arguments);
  };
  const auto refuses = [&](const std::string& output, const std::string& kind, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--output", work.str(output)});
    REQUIRE(run(arguments).code == 0);
    cli::write(work / output / "notes.txt", "mine");
    arguments[2] = "gradient-layout";
    const auto result = run(arguments);
    CHECK(result.code == 2);
    CHECK(result.err == "matcher: error: \"" + work.str(output) +
                            "\" also has \"notes.txt\", which is not part of the " + kind +
                            ", so nothing was written. Move it elsewhere, or name another folder\n");
    CHECK(cli::text_of(work / output / "notes.txt") == "mine");
  };
  refuses("set", "embedding set", {"embed", "--model", "colour-layout", "--dataset", cli::demo()});
  refuses("run", "run", {"eval", "--model", "colour-layout", "--dataset", cli::demo()});
  refuses("shelf", "index", {"index", "--model", "colour-layout", "--dataset", cli::demo()});
}

TEST_CASE("no output replaces another one, or a part of a run") {
  const cli::Folder work;
  REQUIRE(cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", cli::demo(),
                    "--output", work.str("run")})
              .code == 0);
  const auto refused = [&](std::vector<std::string> arguments, const std::string& message) {
    const auto result = cli::run(arguments);
    CHECK(result.code == 2);
    CHECK(result.err == "matcher: error: " + message + "\n");
  };
  const auto run = work.str("run"), file = work.str("gate.xml");
  const std::vector<std::string> compare{"compare", run, run, "--max-drop", "top1=1", "--junit", file};
  auto both = compare;
  both.insert(both.end(), {"--write-to", file});
  refused(both, "--write-to and --junit name one file, \"" + file + "\". Give each its own");
  both[both.size() - 2] = "--summary";
  refused(both, "--junit and --summary name one file, \"" + file + "\". Give each its own");
  const auto inside = work.str("run/report.json");
  refused({"eval", "--run", run, "--write-to", inside},
          "\"" + inside + "\" would be in a stored run, whose files belong together. Write it to another folder");
}
