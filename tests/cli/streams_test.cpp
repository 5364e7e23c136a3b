// Streams that are closed or full, and text of others on its way to them.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "cli/running.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

/// Runs a script of sh; "$0" is matcher.
cli::Result shell(const std::string& script) { return cli::run({"-c", script, MATCHER_BINARY}, {}, "/bin/sh"); }

/// A folder of two products, one photo each; the name of one product has control characters.
void make_shelf(const cli::Folder& work) {
  std::vector<cli::fs::path> photos;
  for (const auto& entry : cli::fs::recursive_directory_iterator(cli::fs::path(cli::demo()) / "gallery"))
    if (entry.is_regular_file()) photos.push_back(entry.path());
  cli::fs::create_directories(work / "shelf/tea\x1b[31m\x1b]0;mine\x07");
  cli::fs::create_directories(work / "shelf/=jam|<b>");
  cli::fs::copy_file(photos.at(0), work / "shelf/tea\x1b[31m\x1b]0;mine\x07/1.jpg");
  cli::fs::copy_file(photos.at(5), work / "shelf/=jam|<b>/1.jpg");
  REQUIRE(shell("cd " + work.str("") + " && \"$0\" --quiet index --model gradient-layout --dataset shelf --output ix")
              .code == 0);
}

cli::Result query(const cli::Folder& work, const std::string& arguments) {
  return shell("cd " + work.str("") + " && \"$0\" --quiet query --index ix --top-k 2 " + arguments);
}

}  // namespace

TEST_CASE("a command ends as usual when stderr is closed or full") {
  for (const std::string stream : {"2>&-", "2>/dev/full", "0<&- 2>&-"}) {
    INFO(stream);
    CHECK(shell("\"$0\" " + stream).code == 2);
    CHECK(shell("\"$0\" embed --model gradient-layout --dataset nowhere " + stream).code == 2);
    CHECK(shell("\"$0\" query --index nowhere x.jpg " + stream).code == 3);
    CHECK(shell("\"$0\" --version " + stream).code == 0);
  }
}

TEST_CASE("files of a command are never taken for a closed stream") {
  const cli::Folder work;
  const auto embed = [&](const std::string& output, const std::string& streams) {
    return shell("\"$0\" --log-level debug --workdir " + work.str("w") + " embed --no-cache --model gradient-layout " +
                 "--dataset " + cli::demo() + " --output " + work.str(output) + " " + streams)
        .code;
  };
  CHECK(embed("a", "") == 0);
  CHECK(embed("b", "2>&-") == 0);
  CHECK(embed("c", "0<&- 1>&- 2>&-") == 5);  // stdout cannot take the result
  for (const std::string set : {"b/", "c/"}) {
    for (const std::string file : {"vectors.npy", "items.csv", "failures.csv"})
      CHECK(cli::text_of(work / (set + file)) == cli::text_of(work / ("a/" + file)));
  }
}

TEST_CASE("a result that stdout cannot take is an error") {
  const cli::Folder work;
  for (const std::string command : {"--help", "--version", "eval --help", "completion bash", "models"}) {
    INFO(command);
    const auto full = shell("\"$0\" " + command + " >/dev/full");
    CHECK(full.code == 5);
    CHECK(full.err ==
          "matcher: error: cannot write the result to stdout: No space left on device. Redirect stdout to "
          "a writable place\n");
    const auto closed = shell("\"$0\" " + command + " >&-");
    CHECK(closed.code == 5);
    CHECK_THAT(closed.err, StartsWith("matcher: error: cannot write the result to stdout: Bad file descriptor. "));
  }
  const auto embedded =
      shell("\"$0\" --quiet --workdir " + work.str("w") + " embed --model gradient-layout --dataset " + cli::demo() +
            " --output " + work.str("set") + " >/dev/full");
  CHECK(embedded.code == 5);
  CHECK_THAT(embedded.err, StartsWith("matcher: error: cannot write to stdout: No space left on device. The command "
                                      "itself is done: " +
                                      work.str("set") + ": "));
}

TEST_CASE("a file beyond ulimit -f is an error in words") {
  const cli::Folder work;
  const auto result = shell("ulimit -f 1; \"$0\" completion bash > " + work.str("script"));
  CHECK(result.code == 5);
  CHECK_THAT(result.err, ContainsSubstring("File too large"));
}

TEST_CASE("control characters of names do not reach the terminal") {
  const cli::Folder work;
  make_shelf(work);
  const auto has_control = [](const std::string& text) {
    return text.find_first_of("\x1b\x07\r\t") != std::string::npos;
  };
  const auto table = query(work, "shelf/*/1.jpg");
  CHECK(table.code == 0);
  CHECK_FALSE(has_control(table.out));
  CHECK_THAT(table.out, ContainsSubstring("tea\\x1b[31m\\x1b]0;mine\\x07"));
  const auto missing = query(work, "\"$(printf 'two\\nlines\\033[31m.jpg')\"");
  CHECK(missing.code == 3);
  CHECK(missing.err ==
        "matcher: error: cannot open \"two\\nlines\\x1b[31m.jpg\": No such file or directory. Correct the path\n");
  const auto unknown = shell("\"$0\" \"$(printf 'evil\\rmatcher: ok')\"");
  CHECK_THAT(unknown.err, ContainsSubstring("\"evil\\rmatcher: ok\""));
  CHECK_FALSE(has_control(shell("cd " + work.str("") +
                                " && \"$0\" --quiet embed --model gradient-layout --dataset "
                                "shelf --output \"$(printf 'a\\033[31m')\"")
                              .out));
}

TEST_CASE("no format brings control characters of names to the terminal") {
  const cli::Folder work;
  make_shelf(work);
  const auto photo = (work / "shelf/=jam|<b>/1.jpg").string();
  for (const std::string format : {"csv", "json", "latex", "markdown"}) {
    const auto shown = cli::run_on_terminal({"--workdir", work.str("w"), "--quiet", "query", "--index", work.str("ix"),
                                             "--top-k", "2", "--format", format, photo},
                                            200);
    INFO(shown);
    CHECK(shown.find_first_of("\x1b\x07") == std::string::npos);
    CHECK_THAT(shown, ContainsSubstring("mine"));
  }
}

TEST_CASE("names are escaped for Markdown, LaTeX and spreadsheets, and exact in JSON") {
  const cli::Folder work;
  make_shelf(work);
  const auto in = [&](const std::string& format) {
    return query(work, "--format " + format + " './shelf/=jam|<b>/1.jpg'");
  };
  CHECK_THAT(in("markdown").out, ContainsSubstring("| =jam\\|&lt;b> "));
  CHECK_THAT(in("latex").out, ContainsSubstring("=jam\\textbar{}\\textless{}b\\textgreater{}"));
  CHECK_THAT(in("csv").out, ContainsSubstring(",'=jam|<b>,1,'=jam|<b>/1.jpg,"));
  CHECK_THAT(in("json").out, ContainsSubstring("\"label\": \"=jam|<b>\"") && ContainsSubstring("tea\\u001b[31m"));
}

TEST_CASE("query takes the images of a folder, and reads an image from stdin") {
  const cli::Folder work;
  make_shelf(work);
  const auto folder = query(work, "--format csv 'shelf/=jam|<b>'");
  CHECK(folder.code == 0);
  CHECK_THAT(folder.out, ContainsSubstring("shelf/=jam|<b>/1.jpg,1,"));
  const auto dash = query(work, "--format csv - < './shelf/=jam|<b>/1.jpg'");
  CHECK(dash.code == 0);
  CHECK(dash.err.empty());
  CHECK_THAT(dash.out, ContainsSubstring("\n'-,1,"));
  const auto closed = query(work, "- <&-");
  CHECK(closed.code == 3);
  CHECK(closed.err == "matcher: error: cannot read the image on standard input: Bad file descriptor\n");
}

TEST_CASE("little address space or stack is no reason to hang") {
#ifdef __SANITIZE_ADDRESS__
  SKIP("the address sanitizer reserves terabytes of address space");
#endif
  const cli::Folder work;
  make_shelf(work);
  for (const std::string limit : {"ulimit -v 80000", "ulimit -v 150000", "ulimit -s 128"}) {
    INFO(limit);
    CHECK(shell(limit + "; \"$0\" --version").code == 0);
    CHECK(shell(limit + "; \"$0\" models").code == 0);
  }
  const auto result =
      shell("ulimit -v 600000; cd " + work.str("") + "; \"$0\" --quiet query --index ix shelf/tea*/1.jpg");
  CHECK(result.code == 5);
  CHECK_THAT(result.err, StartsWith("matcher: error: not enough address space for LibTorch: ") &&
                             EndsWith(" left, about 1.0 GiB needed. Raise the limit (ulimit -v)\n"));
}
