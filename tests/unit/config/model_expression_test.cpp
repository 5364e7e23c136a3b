#include "matcher/config/model_expression.hpp"
#include "unit/config/surroundings.hpp"

namespace matcher::config {
namespace {

using Parts = std::vector<std::pair<std::string, double>>;

std::string usage_error(const std::string& expression) {
  return test::error_of(ErrorCode::usage, [&] { parse_model_expression(expression); });
}

TEST_CASE("a name alone weighs 1") { CHECK(parse_model_expression("mobilenet-v2") == Parts{{"mobilenet-v2", 1}}); }

TEST_CASE("names are joined by plus and weighed after a colon") {
  CHECK(parse_model_expression("a:0.6+b:0.4") == Parts{{"a", 0.6}, {"b", 0.4}});
  CHECK(parse_model_expression("a+models/b.pt:3") == Parts{{"a", 1}, {"models/b.pt", 3}});
}

TEST_CASE("a file may have plus and colon in its name") {
  const test::Scratch scratch;
  const test::CurrentFolder here(scratch.path());
  scratch.write("a+b:2.pt");
  CHECK(parse_model_expression("a+b:2.pt") == Parts{{"a+b:2.pt", 1}});
}

TEST_CASE("a missing name is refused") {
  for (const std::string expression : {"", "+", "a+", "+a", "a++b", ":0.5"}) {
    CHECK(usage_error(expression) ==
          "model \"" + expression + "\": a name is missing. Write it as name, or as first:0.6+second:0.4");
  }
}

TEST_CASE("a weight must be a positive number") {
  for (const std::string weight : {"x", "0", "-1", "", "inf", "nan", "0.5x"}) {
    CHECK(usage_error("a:" + weight) == "model \"a:" + weight + "\": the weight \"" + weight +
                                            "\" is not a positive number. Write it as name, or as "
                                            "first:0.6+second:0.4");
  }
}

}  // namespace
}  // namespace matcher::config
