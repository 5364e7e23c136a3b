#include "matcher/report/junit.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/report/example.hpp"

using namespace matcher::report;
using matcher::eval::Verdict;

namespace {

Comparison gated(Verdict verdict, const std::string& model = "a") {
  Comparison c{"a", {{example_report("a", 0.5), {}, "old"}, {example_report("a", 0.25), {}, "new"}}};
  Check check{model, "new", "top1", 0.01, {0.25, 1, 0.0001}, {0.2, 0.3}};
  check.verdict = verdict;
  c.gate = Gate{{check}, {}};
  return c;
}

}  // namespace

TEST_CASE("a failed check is a failure in JUnit XML") {
  CHECK(
      to_junit(gated(Verdict::fail)) ==
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"matcher compare\" tests=\"1\" failures=\"1\" errors=\"0\" time=\"0\">\n"
      "  <testsuite name=\"matcher compare\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0\">\n"
      "    <testcase classname=\"shelf.a\" name=\"top1 falls by at most 0.01\" time=\"0\">"
      "<failure message=\"FAIL top-1 of a (new): down 25.0 points (95 %: 20.0 to 30.0 down), limit 1.0\" type=\"drop\">"
      "FAIL top-1 of a (new): down 25.0 points (95 %: 20.0 to 30.0 down), limit 1.0</failure></testcase>\n"
      "  </testsuite>\n"
      "</testsuites>\n");
}

TEST_CASE("an undecided check is skipped, a passed one has its sentence as output") {
  const auto open = to_junit(gated(Verdict::undecided)), passed = to_junit(gated(Verdict::pass));
  CHECK(open.find("skipped=\"1\"") != std::string::npos);
  CHECK(open.find("<skipped message=\"UNDECIDED top-1 of a (new): down") != std::string::npos);
  CHECK(open.find("<failure") == std::string::npos);
  CHECK(passed.find("failures=\"0\" errors=\"0\" skipped=\"0\"") != std::string::npos);
  CHECK(passed.find("<system-out>PASS top-1 of a (new): down") != std::string::npos);
}

TEST_CASE("a name cannot end an attribute or an element") {
  const auto text = to_junit(gated(Verdict::fail, "a & \"b\" <c>\n\x01"));
  CHECK(text.find("classname=\"shelf.a &amp; &quot;b&quot; &lt;c&gt;&#10;\\x01\"") != std::string::npos);
  CHECK(text.find("<c>") == std::string::npos);
}

TEST_CASE("a check of every label is a case of its own") {
  auto c = gated(Verdict::pass);
  c.gate->label_checks = {{"a", "new", "top1", 0.1, 3, 2, {}, Verdict::fail}};
  const auto text = to_junit(c);
  CHECK(text.find("tests=\"2\" failures=\"1\"") != std::string::npos);
  CHECK(text.find("name=\"top1 by label falls by at most 0.1\"") != std::string::npos);
}

TEST_CASE("without a gate there are no cases") {
  auto c = gated(Verdict::pass);
  c.gate.reset();
  CHECK(to_junit(c).find("tests=\"0\"") != std::string::npos);
  CHECK(to_junit(c).find("<testcase") == std::string::npos);
}
