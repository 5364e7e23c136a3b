#include "matcher/config/model_expression.hpp"
#include "unit/config/surroundings.hpp"

namespace matcher::config {
namespace {

using Parts = std::vector<std::pair<std::string, double>>;

std::string usage_error(const std::string& expression) {
  return test::error_of(ErrorCode::usage, [&] { parse_model_expression(expression); });
}

Parts members_of(const std::string& expression) { return parse_model_expression(expression).members; }

std::string steps_of(const std::string& expression) {
  return refine::suffix_of(parse_model_expression(expression).steps);
}

TEST_CASE("a name alone weighs 1") { CHECK(members_of("mobilenet-v2") == Parts{{"mobilenet-v2", 1}}); }

TEST_CASE("names are joined by plus and weighed after a colon") {
  CHECK(members_of("a:0.6+b:0.4") == Parts{{"a", 0.6}, {"b", 0.4}});
  CHECK(members_of("a+models/b.pt:3") == Parts{{"a", 1}, {"models/b.pt", 3}});
}

TEST_CASE("a file may have plus and colon in its name") {
  const test::Scratch scratch;
  const test::CurrentFolder here(scratch.path());
  scratch.write("a+b:2.pt");
  CHECK(members_of("a+b:2.pt") == Parts{{"a+b:2.pt", 1}});
}

TEST_CASE("steps of images stay in the name, and later steps are taken off in the order in which they are done") {
  CHECK(members_of("a@flip@fast") == Parts{{"a@fast@flip", 1}});
  CHECK(members_of("a@rerank@flip@dba=5") == Parts{{"a@flip", 1}});
  CHECK(steps_of("a@rerank@flip@dba=5") == "@dba=5@rerank");
  CHECK(steps_of("a@centre@whiten=8@rerank=100") == "@centre@whiten=8@rerank");
  CHECK(members_of("a@flip:2+b") == Parts{{"a@flip", 2}, {"b", 1}});
  CHECK(members_of("a@other") == Parts{{"a@other", 1}});
}

TEST_CASE("brackets give steps to a whole ensemble") {
  CHECK(members_of("(a:2+b@fast)@flip@dba=5") == Parts{{"a@flip", 2}, {"b@fast@flip", 1}});
  CHECK(steps_of("(a+b)@flip@dba=5@aqe=2") == "@dba=5@aqe=2");
  CHECK(members_of("(a)") == Parts{{"a", 1}});
  CHECK(usage_error("a@dba=5+b") ==
        "model \"a@dba=5+b\": step dba=5 changes a whole ensemble, not a member. Write (first+second)@dba=5");
  CHECK(usage_error("(a+b@centre)@dba=5") ==
        "model \"(a+b@centre)@dba=5\": step centre changes a whole ensemble, not a member. Write "
        "(first+second)@centre");
  CHECK(usage_error("(a+b@dba=5") ==
        "model \"(a+b@dba=5\": a bracket is not closed, or an unknown step follows it. Write it as "
        "(first+second)@step, with steps such as exact, fast, flip, centre, whiten=N, dim=N, dba=N, aqe=N, "
        "rerank[=100]");
}

TEST_CASE("a step needs its value, and is given once") {
  CHECK(usage_error("a@dba") == "step \"dba\" needs a number of neighbours from 1 to 1000; for example dba=5");
  CHECK(usage_error("a@dba=0") == "step \"dba=0\" needs a number of neighbours from 1 to 1000; for example dba=5");
  CHECK(usage_error("a@rerank=x") ==
        "step \"rerank=x\" needs a number of answers from 1 to 1000; for example rerank=100");
  CHECK(usage_error("a@flip=2") == "step \"flip=2\" takes no value; write flip");
  CHECK(usage_error("a@flip@fast@flip") == "model \"a@flip@fast@flip\": step flip is given twice");
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
