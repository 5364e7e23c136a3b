#include "matcher/config/yaml/reader.hpp"

#include "matcher/config/yaml/variables.hpp"

#include "unit/config/surroundings.hpp"

namespace matcher::config {
namespace {

using test::Variable;

template <typename F>
std::string usage_error(const std::string& text, F read) {
  return test::error_of(ErrorCode::usage, [&] {
    auto yaml = YamlMap::parse(text, "x.yaml");
    read(yaml);
    yaml.finish();
  });
}

std::string parse_error(const std::string& text) {
  return usage_error(text, [](YamlMap&) {});
}

std::string expanded(const std::string& text) { return expand_variables(text, "x.yaml:1"); }

TEST_CASE("what is no YAML is refused with line and column") {
  CHECK(parse_error("a: 1\nb: [1, 2\n") == "x.yaml:3:1: this is not valid YAML (end of sequence flow not found)");
}

TEST_CASE("what is no mapping is refused") {
  CHECK(parse_error("- a\n") == "x.yaml:1: expected keys with values, not a list");
  CHECK(parse_error("\nword\n") == "x.yaml:2: expected keys with values, not \"word\"");
}

TEST_CASE("a key that comes twice is refused with both lines") {
  CHECK(parse_error("a: 1\nb: 2\na: 3\n") == "x.yaml:3: line 1 already gives the key \"a\". Keep one of them");
}

TEST_CASE("the first unknown key is refused, with all keys when none is near") {
  const auto read = [](YamlMap& yaml) {
    std::string text;
    yaml.read("scale", text);
    yaml.read("resize", text);
  };
  CHECK(usage_error("scale: x\nresise: y\nanother: z\n", read) ==
        "x.yaml:2: unknown key \"resise\"; did you mean \"resize\"?");
  CHECK(usage_error("zebra: y\n", read) == "x.yaml:1: unknown key \"zebra\"; known: scale, resize");
}

TEST_CASE("unknown keys are found in mappings within mappings") {
  const auto read = [](YamlMap& yaml) { yaml.map("inner")->finish(); };
  CHECK(usage_error("inner:\n  a: 1\n", read) == "x.yaml:2: unknown key \"a\"");
}

TEST_CASE("values are typed") {
  auto yaml = YamlMap::parse("a: 3\nb: 0.5\nc: false\nd: [x, '7']\ne: [1, 2, 3]\n", "x.yaml");
  int a = 0;
  float b = 0;
  bool c = true;
  std::vector<std::string> d;
  std::array<float, 3> e{};
  yaml.read("a", a, 0);
  yaml.read("b", b);
  yaml.read("c", c);
  yaml.read("d", d);
  yaml.read_numbers("e", e.data(), 3);
  yaml.finish();
  CHECK(a == 3);
  CHECK(b == 0.5f);
  CHECK_FALSE(c);
  CHECK(d == std::vector<std::string>{"x", "7"});
  CHECK(e == std::array<float, 3>{1, 2, 3});
}

TEST_CASE("values of the wrong type are refused in words") {
  const auto whole = [](YamlMap& yaml) {
    int value;
    yaml.read("dimension", value, 0);
  };
  const auto truth = [](YamlMap& yaml) {
    bool value;
    yaml.read("orient", value);
  };
  const auto numbers = [](YamlMap& yaml) {
    std::array<float, 3> values;
    yaml.read_numbers("mean", values.data(), 3);
  };
  CHECK(usage_error("dimension: abc", whole) == "x.yaml:1: \"dimension\" must be a whole number, not \"abc\"");
  CHECK(usage_error("dimension: 1.5", whole) == "x.yaml:1: \"dimension\" must be a whole number, not \"1.5\"");
  CHECK(usage_error("dimension: {a: 1}", whole) == "x.yaml:1: \"dimension\" must be a whole number, not a mapping");
  CHECK(usage_error("orient: maybe", truth) == "x.yaml:1: \"orient\" must be true or false, not \"maybe\"");
  CHECK(usage_error("mean: [1, 2]", numbers) == "x.yaml:1: \"mean\" must be 3 numbers, not 2");
  CHECK(usage_error("mean: [1, 2, x]", numbers) == "x.yaml:1: \"mean\" must be a number, not \"x\"");
}

TEST_CASE("variables are replaced, with a default where they are unset or empty") {
  const Variable set("MATCHER_TEST_SET", "value"), empty("MATCHER_TEST_EMPTY", ""),
      unset("MATCHER_TEST_UNSET", nullptr);
  CHECK(expanded("a ${MATCHER_TEST_SET} b ${MATCHER_TEST_SET}") == "a value b value");
  CHECK(expanded("${MATCHER_TEST_SET:-other}") == "value");
  CHECK(expanded("${MATCHER_TEST_EMPTY:-other}") == "other");
  CHECK(expanded("${MATCHER_TEST_UNSET:-a/b}/c") == "a/b/c");
  CHECK(expanded("${MATCHER_TEST_UNSET:-}") == "");
  CHECK(expanded("${MATCHER_TEST_EMPTY}") == "");
}

TEST_CASE("a dollar stays a dollar where no brace follows, and two keep the brace") {
  CHECK(expanded("$HOME costs 5$ or $$") == "$HOME costs 5$ or $$");
  CHECK(expanded("$${HOME} and $${") == "${HOME} and ${");
}

TEST_CASE("a variable that is not set and has no default is refused with file and line") {
  const Variable unset("MATCHER_TEST_UNSET", nullptr);
  const auto read = [](YamlMap& yaml) {
    std::string root;
    yaml.read("root", root);
  };
  CHECK(usage_error("name: x\nroot: ${MATCHER_TEST_UNSET}/photos\n", read) ==
        "x.yaml:2: the variable MATCHER_TEST_UNSET is not set. Set it, or give a default with "
        "${MATCHER_TEST_UNSET:-value}");
  CHECK(usage_error("root: ${HOME\n", read) == "x.yaml:1: \"${\" without \"}\" in \"${HOME\"");
}

TEST_CASE("numbers may come from variables") {
  const Variable set("MATCHER_TEST_SET", "12");
  auto yaml = YamlMap::parse("a: ${MATCHER_TEST_SET}\n", "x.yaml");
  int a = 0;
  yaml.read("a", a, 0);
  CHECK(a == 12);
}

}  // namespace
}  // namespace matcher::config
