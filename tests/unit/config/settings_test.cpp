#include "matcher/config/settings.hpp"

#include "unit/config/surroundings.hpp"

namespace matcher::config {
namespace {

using test::CurrentFolder;
using test::error_of;
using test::Scratch;
using test::Variable;

std::string usage_error(const std::string& text) {
  return error_of(ErrorCode::usage, [&] { parse_settings(text, "matcher.yaml"); });
}

TEST_CASE("every setting can be given") {
  const auto settings = parse_settings(R"(model: a:0.6+b:0.4
dataset: demo
workdir: out
device: cuda:1
precision: bf16
decode: fast
batch_size: 8
threads: 3
top_k: 7
depth: 50
ks: [1, 3]
index: hnsw
max_failures: 2
log_level: warning
progress_seconds: 5
)",
                                       "matcher.yaml");
  CHECK(settings.model == "a:0.6+b:0.4");
  CHECK(settings.dataset == "demo");
  CHECK(settings.workdir == "out");
  CHECK(settings.device == Device{Device::Kind::cuda, 1});
  CHECK(settings.precision == Precision::bf16);
  CHECK(settings.decode == image::Decode::fast);
  CHECK(settings.batch_size == 8);
  CHECK(settings.threads == 3);
  CHECK(settings.top_k == 7);
  CHECK(settings.depth == 50);
  CHECK(settings.ks == std::vector<std::size_t>{1, 3});
  CHECK(settings.index == "hnsw");
  CHECK(settings.max_failures == 2);
  CHECK(settings.log_level == LogLevel::warning);
  CHECK(settings.progress_seconds == 5);
  CHECK(settings.origin == "matcher.yaml");
}

TEST_CASE("how servers are spoken to") {
  const auto settings = parse_settings(R"(server:
  token: abc
  headers: ["x-chroma-token: def"]
  ca_file: /etc/ca.pem
  timeout: 7
  requests: 2
)",
                                       "matcher.yaml");
  CHECK(settings.server.token == "abc");
  CHECK(settings.server.headers == std::vector<std::string>{"x-chroma-token: def"});
  CHECK(settings.server.ca_file == "/etc/ca.pem");
  CHECK(settings.server.timeout == 7);
  CHECK(settings.server.requests == 2);
  CHECK(usage_error("server: {tokn: a}").starts_with("matcher.yaml:1: unknown key \"tokn\"; did you mean \"token\"?"));
}

TEST_CASE("what the environment says of servers comes before the file") {
  const Scratch scratch;
  const auto file = scratch.write("server.yaml", "server: {token: file, headers: ['a: b'], requests: 2}");
  {
    const Variable token("MATCHER_SERVER_TOKEN", "env"), headers("MATCHER_SERVER_HEADERS", "c: d\n\ne: f");
    const auto server = load_settings(file).server;
    CHECK(server.token == "env");
    CHECK(server.headers == std::vector<std::string>{"c: d", "e: f"});
    CHECK(server.requests == 2);
  }
  CHECK(load_settings(file).server.token == "file");
  const Variable headers("MATCHER_SERVER_HEADERS", "secret");
  const auto error = error_of(ErrorCode::usage, [&] { load_settings(file); });
  CHECK(error.find("does not have the form \"Name: value\"") != std::string::npos);
  CHECK(error.find("secret") == std::string::npos);
}

TEST_CASE("what is left out, or has no value, keeps its default") {
  for (const auto* text : {"", "# nothing\n", "model:\nbatch_size:\n"}) {
    const auto settings = parse_settings(text, "matcher.yaml");
    CHECK(settings.model.empty());
    CHECK(settings.batch_size == Settings{}.batch_size);
    CHECK(settings.ks == Settings{}.ks);
    CHECK_FALSE(settings.max_failures);
  }
}

TEST_CASE("an unknown key is refused with its line and the nearest key") {
  CHECK(usage_error("model: x\nbatchsize: 3\n") ==
        "matcher.yaml:2: unknown key \"batchsize\"; did you mean \"batch_size\"?");
}

TEST_CASE("a value of the wrong kind or range is refused with its line") {
  CHECK(usage_error("\nbatch_size: many\n") == "matcher.yaml:2: \"batch_size\" must be a whole number, not \"many\"");
  CHECK(usage_error("batch_size: 0\n") == "matcher.yaml:1: \"batch_size\" must be 1 or more, not 0");
  CHECK(usage_error("threads: 3000000000\n") ==
        "matcher.yaml:1: \"threads\" must be 2147483647 or less, not 3000000000");
  CHECK(usage_error("max_failures: -1\n") == "matcher.yaml:1: \"max_failures\" must be 0 or more, not -1");
  CHECK(usage_error("ks: 5\n") == "matcher.yaml:1: \"ks\" must be a list such as [a, b], not \"5\"");
  CHECK(usage_error("ks: [1, x]\n") == "matcher.yaml:1: \"ks\" must be a whole number, not \"x\"");
  CHECK(usage_error("model: [a]\n") == "matcher.yaml:1: \"model\" must be a text, not a list");
  CHECK(usage_error("device: gpu\n") ==
        "matcher.yaml:1: unknown device \"gpu\". Use auto, cpu, cuda, cuda:N or cuda:N,M");
  CHECK(usage_error("log_level: loud\n") ==
        "matcher.yaml:1: unknown log level \"loud\". Use debug, info, warning, error or off");
}

/// A user with a file at every place where settings are looked for.
struct Everywhere {
  Scratch scratch;
  fs::path flag = scratch.write("flag.yaml", "model: flag");
  fs::path variable = scratch.write("variable.yaml", "model: variable");
  fs::path here = scratch.write("here/matcher.yaml", "model: here");
  fs::path xdg = scratch.write("xdg/matcher/matcher.yaml", "model: xdg");
  fs::path home = scratch.write("home/.config/matcher/matcher.yaml", "model: home");
  CurrentFolder current{here.parent_path()};
  Variable config{"MATCHER_CONFIG", variable};
  Variable xdg_folder{"XDG_CONFIG_HOME", scratch / "xdg"};
  Variable home_folder{"HOME", scratch / "home"};
};

TEST_CASE("settings come from the nearest file") {
  const Everywhere places;
  CHECK(load_settings(places.flag).model == "flag");
  CHECK(load_settings({}).model == "variable");
  const Variable no_variable("MATCHER_CONFIG", nullptr);
  CHECK(load_settings({}).model == "here");
  fs::remove(places.here);
  CHECK(load_settings({}).model == "xdg");
  const Variable no_xdg("XDG_CONFIG_HOME", nullptr);
  CHECK(load_settings({}).model == "home");
}

TEST_CASE("the nearest file is used whole") {
  const Everywhere places;
  places.scratch.write("variable.yaml", "top_k: 9");
  const auto settings = load_settings({});
  CHECK(settings.top_k == 9);
  CHECK(settings.model.empty());
  CHECK(settings.origin == places.variable);
}

TEST_CASE("the shipped settings say what the defaults are") {
  const Settings defaults;
  const auto shipped = load_settings(fs::path(MATCHER_TEST_DATA) / "../../configs/matcher.yaml");
  CHECK(shipped.model == "gradient-layout");
  CHECK(shipped.dataset == "demo");
  CHECK(shipped.workdir == defaults.workdir);
  CHECK(shipped.batch_size == defaults.batch_size);
  CHECK(shipped.top_k == defaults.top_k);
  CHECK(shipped.depth == defaults.depth);
  CHECK(shipped.ks == defaults.ks);
  CHECK(shipped.index == defaults.index);
}

TEST_CASE("a home folder that is out of reach has no settings") {
  const Everywhere places;
  const Variable no_variable("MATCHER_CONFIG", nullptr), no_xdg("XDG_CONFIG_HOME", nullptr);
  fs::remove(places.here);
  fs::create_symlink("loop", places.scratch / "loop");
  const Variable home("HOME", places.scratch / "loop");
  CHECK(load_settings({}).origin.find("loop") == std::string::npos);
}

TEST_CASE("a requested file that is out of reach is an error with the reason") {
  const std::string name(300, 'a');
  CHECK(error_of(ErrorCode::input, [&] { load_settings(name); }) ==
        "the configuration \"" + name +
            "\", named by --config, cannot be reached (File name too long). Correct the path, or leave it out");
}

TEST_CASE("values under server are never shown") {
  for (const auto* text : {"server: {headers: SECRET}\n", "server: SECRET\n", "server: {timeout: SECRET}\n",
                           "server: {token: \"${SECRET\"}\n", "server: {requests: [SECRET]}\n"}) {
    CAPTURE(text);
    CHECK(usage_error(text).find("SECRET") == std::string::npos);
  }
}

TEST_CASE("a file that was asked for must be there") {
  const Scratch scratch;
  const auto away = (scratch / "away.yaml").string();
  CHECK(error_of(ErrorCode::input, [&] { load_settings(away); }) ==
        "the configuration \"" + away + "\", named by --config, does not exist. Correct the path, or leave it out");
  const Variable config("MATCHER_CONFIG", away.c_str());
  CHECK(error_of(ErrorCode::input, [&] { load_settings({}); }) ==
        "the configuration \"" + away +
            "\", named by $MATCHER_CONFIG, does not exist. Correct the path, or leave it out");
}

}  // namespace
}  // namespace matcher::config
