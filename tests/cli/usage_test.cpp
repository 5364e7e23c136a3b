#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/running.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The commands and their purposes, as `matcher --help` lists them.
std::vector<std::pair<std::string, std::string>> commands_in(const std::string& help) {
  std::vector<std::pair<std::string, std::string>> commands;
  std::istringstream lines(help.substr(help.find("Subcommands:\n")));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line.size() > 30) {
    if (line[2] != ' ')
      commands.emplace_back(line.substr(2, line.find(' ', 2) - 2), line.substr(30));
    else
      commands.back().second += ' ' + line.substr(30);
  }
  return commands;
}

/// The explanations of the flags below each heading of a command's help, in the order of the headings.
std::vector<std::pair<std::string, std::vector<std::string>>> explanations_in(const std::string& help) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  std::istringstream lines(help.substr(0, help.find("\nExample")));
  std::string line;
  bool is_new = false;
  while (std::getline(lines, line)) {
    if (!line.empty() && line[0] != ' ' && line.back() == ':') groups.push_back({line.substr(0, line.size() - 1), {}});
    if (line.starts_with("  ") && line[2] != ' ') is_new = true;
    if (groups.empty() || line.size() <= 30 || line.substr(28, 2) != "  " || line[30] == ' ') continue;
    auto& texts = groups.back().second;
    if (is_new)
      texts.push_back(line.substr(30));
    else
      texts.back() += ' ' + line.substr(30);
    is_new = false;
  }
  return groups;
}

}  // namespace

TEST_CASE("the help of the program lists every command and the exit codes") {
  const auto result = cli::run({"--help"});
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  std::vector<std::string> names;
  for (const auto& [name, purpose] : commands_in(result.out)) names.push_back(name);
  CHECK(names == std::vector<std::string>{"embed",     "import", "index", "query",  "eval",   "compare",    "trend",
                                          "fuse",      "views",  "adapt", "tune",   "audit",  "models",     "export",
                                          "threshold", "verify", "cache", "config", "doctor", "completion", "manual"});
  CHECK_THAT(result.out, ContainsSubstring("Exit codes: 0 done, 1 unexpected, 2 usage or configuration"));
}

TEST_CASE("the help of a command has its purpose, its usage, and an example of it") {
  for (const auto& [name, purpose] : commands_in(cli::run({"--help"}).out)) {
    INFO(name);
    const auto result = cli::run({name, "--help"});
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    CHECK_THAT(result.out, StartsWith(purpose + "\n\nUsage: matcher " + name));
    const auto examples = result.out.find("\nExample");
    REQUIRE(examples != std::string::npos);
    CHECK_THAT(result.out.substr(examples), ContainsSubstring("matcher " + name));
  }
}

TEST_CASE("every flag of a command is in a named group and explained by one sentence without a full stop") {
  const std::vector<std::string> known{"Arguments", "Input", "Model", "Search", "Metrics", "Gate", "Output"};
  for (const auto& [name, purpose] : commands_in(cli::run({"--help"}).out)) {
    auto place = known.begin();
    for (const auto& [heading, explanations] : explanations_in(cli::run({name, "--help"}).out)) {
      CAPTURE(name, heading);
      place = std::find(place, known.end(), heading);
      REQUIRE(place != known.end());  // the groups have one order
      for (const auto& text : explanations) {
        CAPTURE(text);
        CHECK((std::isupper(static_cast<unsigned char>(text[0])) || heading == "Arguments"));
        CHECK(text.back() != '.');
        CHECK(text.size() <= 130);
      }
    }
  }
}

TEST_CASE("help is wrapped to 80 columns, and lists no flags that another one excludes") {
  for (const auto& [name, purpose] : commands_in(cli::run({"--help"}).out)) {
    const auto help = cli::run({name, "--help"}).out;
    CAPTURE(name);
    CHECK(help.find("Excludes") == std::string::npos);
    CHECK(help.find("Needs") == std::string::npos);
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK((line.size() <= 80 || line.rfind(' ') < 30));  // a single word may be longer
    }
  }
}

TEST_CASE("help is wrapped to the width of the terminal") {
  const auto help = cli::run_on_terminal({"eval", "--help"}, 100);
  CHECK_THAT(help,
             ContainsSubstring("  --dataset TEXT              Use this dataset: a name, dataset.yaml, CSV or folder"));
  std::istringstream lines(help);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size() - 1);  // \r
  CHECK(longest > 80);
  CHECK(longest <= 100);
}

TEST_CASE("short names of flags, and help as a word") {
  CHECK(cli::run({"-V"}).out == cli::run({"--version"}).out);
  CHECK(cli::run({"help", "eval"}).out == cli::run({"eval", "--help"}).out);
  CHECK(cli::run({"help"}).out == cli::run({"--help"}).out);
  CHECK(cli::run({"-q", "models", "--format", "csv"}).code == 0);
  CHECK(cli::run({"help", "evall"}).err ==
        "matcher: error: there is no subcommand \"evall\" (see matcher --help); did you mean \"eval\"?\n");
}

TEST_CASE("a model that nobody chose is named with the file that says it") {
  const cli::Folder work;
  const auto home = "HOME=" + work.str("home"), config = "XDG_CONFIG_HOME=" + work.str("home");
  const auto eval = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--workdir", work.str("w"), "eval", "--dataset", cli::demo()});
    return cli::run(more, {home, config}).err;
  };
  CHECK_THAT(eval({}), ContainsSubstring("matcher: model gradient-layout (from ") &&
                           ContainsSubstring("/configs/matcher.yaml)\n"));
  CHECK_THAT(eval({"--model", "gradient-layout"}), !ContainsSubstring("(from "));
}

TEST_CASE("wrong flags end with 2 and one sentence") {
  const auto result = cli::run({"eval", "--modle", "x"});
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, ContainsSubstring("--modle"));
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  CHECK(cli::run({}).code == 2);
  CHECK(cli::run({"evall"}).err ==
        "matcher: error: there is no subcommand \"evall\" (see matcher --help); did you mean \"eval\"?\n");
  CHECK(cli::run({"--quiet", "--workdir", "w", "--log-level=error", "evall"}).err ==
        "matcher: error: there is no subcommand \"evall\" (see matcher --help); did you mean \"eval\"?\n");
  CHECK(cli::run({"eval", "--modle", "x"}).err ==
        "matcher: error: unknown flag --modle (did you mean --model?); see matcher eval --help\n");
  CHECK(cli::run({"eval", "--workdri=w"}).err ==
        "matcher: error: unknown flag --workdri (did you mean --workdir?); see matcher eval --help\n");
  CHECK(cli::run({"eval", "--nothing-like-it"}).err ==
        "matcher: error: unknown flag --nothing-like-it; see matcher eval --help\n");
  CHECK(cli::run({"index", "--output", "x", "--plan", "--rollback"}).err ==
        "matcher: error: --plan cannot be used with --rollback; see matcher index --help\n");
  CHECK(cli::run({"models", "--format", "xml"}).err ==
        "matcher: error: unknown format \"xml\"; use table, markdown, csv, latex or json\n");
}

TEST_CASE("counts are whole numbers from 1 on") {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& flag,
                          const std::string& value) {
    const auto result = cli::run(arguments);
    CHECK(result.code == 2);
    const bool is_whole = value.find_first_not_of("-0123456789") == std::string::npos;
    CHECK(result.err == "matcher: error: " + flag + " must be " + (is_whole ? "" : "a whole number, ") +
                            "1 or more, not \"" + value + "\"; see matcher " + arguments[0] + " --help\n");
  };
  for (const std::string value : {"0", "-1", "1.5", "nan", "99999999999999999999"}) {
    refused({"eval", "--run", "run", "--k=" + value}, "--k", value);
    refused({"eval", "--model", "m", "--depth=" + value}, "--depth", value);
    refused({"query", "--index", "shelf", "--top-k=" + value, "photo.jpg"}, "--top-k", value);
    refused({"views", "--model", "m", "--counts=" + value}, "--counts", value);
  }
}

TEST_CASE("unknown names are told with what is near") {
  const cli::Folder work;
  const auto model =
      cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layot", "--dataset", cli::demo()});
  CHECK(model.code == 2);
  CHECK_THAT(model.err, ContainsSubstring("did you mean \"colour-layout\"?"));
  const auto dataset =
      cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", "grocery-stor"});
  CHECK(dataset.code == 2);
  CHECK_THAT(dataset.err, ContainsSubstring("did you mean \"grocery-store\"?"));
  CHECK_FALSE(cli::fs::exists(work / "w"));
}

TEST_CASE("a missing dataset is refused with the command that fetches it") {
  const cli::Folder work;
  const auto dataset =
      cli::run({"--workdir", work.str("w"), "eval", "--model", "colour-layout", "--dataset", "grocery-store"},
               {"GROCERY_STORE_ROOT=/nowhere"});
  CHECK(dataset.code == 3);
  CHECK(dataset.out.empty());
  CHECK(dataset.err ==
        "matcher: error: dataset \"grocery-store\": \"/nowhere\" does not exist. Fetch it: git clone "
        "https://github.com/marcusklasson/GroceryStoreDataset grocery-store\n");
}

TEST_CASE("models lists the named ones with their dimensions") {
  const auto result = cli::run({"models", "--format", "csv"});
  CHECK(result.code == 0);
  for (const char* row : {"dinov2-base,768", "dinov2-large,1024", "clip-vit-l-14,768", "clip-vit-b-32,512",
                          "mobilenet-v2,1280", "mobilenet-v3-small,1024", "colour-layout,", "gradient-layout,"}) {
    CHECK_THAT(result.out, ContainsSubstring(row));
  }
}

TEST_CASE("a requested GPU that is missing is an error") {
  const cli::Folder work;
  const auto result = cli::run({"--workdir", work.str("w"), "embed", "--model", "colour-layout", "--dataset",
                                cli::demo(), "--device", "cuda:7"});
  CHECK(result.code == 5);
  CHECK_THAT(result.err, ContainsSubstring("cuda:7"));
}

TEST_CASE("completion offers flags, the choices of a flag, and files") {
  const cli::Folder work;
  cli::write(work / "matcher.sh", cli::run({"completion", "bash"}).out);
  const auto offers = [&](const std::string& words, int place) {
    const auto result =
        cli::run({"-c", "source " + work.str("matcher.sh") + "; COMP_WORDS=(" + words +
                            "); COMP_CWORD=" + std::to_string(place) + "; _matcher; echo \"${COMPREPLY[*]}\""},
                 {}, "/bin/bash");
    CAPTURE(result.err);
    CHECK(result.code == 0);
    return result.out;
  };
  CHECK_THAT(offers("matcher ev", 1), ContainsSubstring("eval"));
  CHECK_THAT(offers("matcher eval --dep", 2), ContainsSubstring("--depth"));
  CHECK(offers("matcher query --score ''", 3) == "cosine margin\n");
  CHECK(offers("matcher eval --by c", 3) == "category confused\n");
  CHECK(offers("matcher eval --output ''", 3) == "\n");  // the shell offers files
  CHECK(offers("matcher completion ''", 2) == "--help bash zsh fish\n");
  CHECK(offers("matcher manual ev", 2) == "eval\n");
  CHECK(offers("matcher --log-level ''", 2) == "debug info warning error off\n");
  CHECK(offers("matcher eval --log-level d", 3) == "debug\n");
  CHECK(offers("matcher --config ''", 2) == "\n");
  CHECK(offers("matcher eval --precision b", 3) == "bf16\n");
  CHECK(offers("matcher eval --format n", 3) == "\n");
  CHECK(offers("matcher query --format n", 3) == "ndjson\n");
}

TEST_CASE("completion is a script that bash can read") {
  const auto result = cli::run({"completion", "bash"});
  CHECK(result.code == 0);
  CHECK_THAT(result.out,
             ContainsSubstring("complete -o default -F _matcher matcher") && ContainsSubstring("--fail-below"));
}

TEST_CASE("fish offers commands, flags and choices, each with its explanation") {
  const auto script = cli::run({"completion", "fish"}).out;
  CHECK_THAT(script,
             ContainsSubstring("complete -c matcher -f -n __fish_use_subcommand -a eval -d 'Measure how often"));
  CHECK_THAT(script, ContainsSubstring("complete -c matcher -n '__fish_seen_subcommand_from query' -l score -r -f -a "
                                       "'cosine margin' -d '"));
  CHECK_THAT(script, ContainsSubstring(" -l quiet -s q -d 'Print errors only, and no progress'"));
  CHECK_THAT(script, ContainsSubstring("'__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n"));
  CHECK_THAT(script, ContainsSubstring("'__fish_seen_subcommand_from verify' -a '(__matcher_models)'\n"));
}

TEST_CASE("every command has a manual page, from the same texts as its help") {
  const cli::Folder work;
  CHECK(cli::run({"manual", "--folder", work.str("man")}).code == 0);
  for (const auto& [name, purpose] : commands_in(cli::run({"--help"}).out)) {
    INFO(name);
    const auto page = cli::run({"manual", name});
    CHECK(page.code == 0);
    CHECK_THAT(page.out, StartsWith(".TH matcher\\-" + name + " 1 \"\" \"matcher "));
    CHECK(text_of(work / "man" / ("matcher-" + name + ".1")) == page.out);
  }
  const auto eval = cli::run({"manual", "eval"}).out;
  CHECK_THAT(eval, ContainsSubstring("\n.SS Gate\n.TP\n\\fB\\-\\-fail\\-below\\fR"));
  CHECK_THAT(cli::run({"manual"}).out, ContainsSubstring(".TP\n\\fBmatcher\\-eval\\fR(1)\n"));
}

TEST_CASE("the manual of an unknown command is refused with the most similar one") {
  const auto result = cli::run({"manual", "evla"});
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK(result.err == "matcher: error: there is no subcommand \"evla\" (see matcher --help); did you mean \"eval\"?\n");
}

TEST_CASE("an empty value is refused, not read as a flag that is left out") {
  const auto refused = [](const std::vector<std::string>& words, const std::string& flag, const std::string& help) {
    const auto result = cli::run(words);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(result.err ==
          "matcher: error: " + flag + " is empty; give a value, or leave the flag out; see matcher " + help + "\n");
  };
  refused({"eval", "--run", "run", "--fail-below", ""}, "--fail-below", "eval --help");
  refused({"eval", "--run="}, "--run", "eval --help");
  refused({"compare", "a", "b", "--max-drop", "", "--junit", "j.xml"}, "--max-drop", "compare --help");
  refused({"embed", "--model=", "--dataset", "d"}, "--model", "embed --help");
  refused({"query", "--index", "", "photo.jpg"}, "--index", "query --help");
  refused({"--config", "", "models"}, "--config", "models --help");
  refused({"models", "--workdir", ""}, "--workdir", "models --help");
}

TEST_CASE("with --format json, an error is one line of JSON on stderr") {
  const auto missing = cli::run({"eval", "--run", "none", "--format", "json"});
  CHECK(missing.code == 3);
  CHECK(missing.out.empty());
  CHECK(missing.err ==
        "{\"schema\":\"matcher.error/1\",\"code\":3,\"kind\":\"input\",\"message\":\"there is no run at \\\"none\\\": "
        "the "
        "folder does not exist. Make it: matcher eval --model M --dataset D --output none\"}\n");
  const auto usage = cli::run({"eval", "--format=json", "--nope"});
  CHECK(usage.code == 2);
  CHECK_THAT(usage.err, StartsWith("{\"schema\":\"matcher.error/1\",\"code\":2,\"kind\":\"usage\","));
  CHECK_THAT(cli::run({"eval", "--run", "none", "--format"}).err, StartsWith("matcher: error: "));
}
