#include "matcher/report/junit.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/core/version.hpp"
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

TEST_CASE("a failed check is a failure in JUnit XML, with the properties of both runs") {
  auto c = gated(Verdict::fail);
  c.rows[1].gains = {{"top1", {}}};
  CHECK(to_junit(c, 1.5) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"matcher compare\" tests=\"1\" failures=\"1\" errors=\"0\" time=\"1.500\">\n"
        "  <testsuite name=\"matcher compare\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"1.500\">\n"
        "    <properties>\n"
        "      <property name=\"matcher\" value=\"" +
            std::string(matcher::version) +
            "\"/>\n"
            "      <property name=\"dataset\" value=\"shelf\"/>\n"
            "      <property name=\"baseline.run\" value=\"old\"/>\n"
            "      <property name=\"baseline.model\" value=\"a\"/>\n"
            "      <property name=\"baseline.model.fingerprint\" value=\"0123456789abcdef0123456789abcdef\"/>\n"
            "      <property name=\"baseline.data.fingerprint\" value=\"d0\"/>\n"
            "      <property name=\"baseline.index\" value=\"exact\"/>\n"
            "      <property name=\"run\" value=\"new\"/>\n"
            "      <property name=\"model\" value=\"a\"/>\n"
            "      <property name=\"model.fingerprint\" value=\"0123456789abcdef0123456789abcdef\"/>\n"
            "      <property name=\"data.fingerprint\" value=\"d0\"/>\n"
            "      <property name=\"index\" value=\"exact\"/>\n"
            "      <property name=\"verdict\" value=\"fail\"/>\n"
            "    </properties>\n"
            "    <testcase classname=\"shelf.a\" name=\"top1 falls by at most 0.01\" time=\"1.500\">"
            "<failure message=\"FAIL top-1 of a (new): down 25.0 points (95 %: 20.0 to 30.0 down), limit 1.0\" "
            "type=\"drop\">"
            "FAIL top-1 of a (new): down 25.0 points (95 %: 20.0 to 30.0 down), limit 1.0</failure></testcase>\n"
            "  </testsuite>\n"
            "</testsuites>\n");
}

TEST_CASE("a failure names the newly broken queries") {
  auto c = gated(Verdict::fail);
  c.rows[1].gains = {{"top1", {}}};
  for (int i = 0; i < 22; ++i)
    c.rows[1].changes.broken.push_back(
        {"q" + std::to_string(i), "q.jpg", "1", {"g", "1", "Tea"}, {"h", "2", i ? "Soap" : ""}, "Tea"});
  const auto text = to_junit(c);
  CHECK(text.find(", limit 1.0\nnewly broken: 22&#10;q0 is Tea: baseline said Tea, now says nothing&#10;"
                  "q1 is Tea: baseline said Tea, now says Soap&#10;") != std::string::npos);
  CHECK(text.find("&#10;and 2 more</failure>") != std::string::npos);
  c.gate->checks[0].verdict = Verdict::pass;
  CHECK(to_junit(c).find("newly broken") == std::string::npos);
}

TEST_CASE("an undecided check is skipped, a passed one has its sentence as output") {
  const auto open = to_junit(gated(Verdict::undecided)), passed = to_junit(gated(Verdict::pass));
  CHECK(open.find("skipped=\"1\"") != std::string::npos);
  CHECK(open.find("<skipped message=\"UNDECIDED top-1 of a (new): down") != std::string::npos);
  CHECK(open.find("\" type=\"undecided\"/></testcase>") != std::string::npos);
  CHECK(open.find("<failure") == std::string::npos);
  CHECK(passed.find("failures=\"0\" errors=\"0\" skipped=\"0\"") != std::string::npos);
  CHECK(passed.find("<system-out>PASS top-1 of a (new): down") != std::string::npos);
}

TEST_CASE("an error that ended a command is one case with an error") {
  const auto text = to_junit(CommandError{matcher::ErrorCode::input, "\"a\" does not exist"}, "matcher eval", 0.25);
  CHECK(text.find("<testsuite name=\"matcher eval\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" "
                  "time=\"0.250\">") != std::string::npos);
  CHECK(text.find("<property name=\"exit_code\" value=\"3\"/>") != std::string::npos);
  CHECK(text.find(
            "<testcase classname=\"matcher\" name=\"matcher eval\" time=\"0.250\"><error message=\"&quot;a&quot; does "
            "not exist\" type=\"input\">&quot;a&quot; does not exist</error></testcase>") != std::string::npos);
}

TEST_CASE("an evaluation is a case, and each limit is one") {
  const std::vector<LeastValue> limits{{"top1", 0.4}, {"mrr", 0.8}};
  const auto text = to_junit(example_report("a", 0.5), limits, 3);
  CHECK(text.find("tests=\"3\" failures=\"1\" errors=\"0\"") != std::string::npos);
  CHECK(text.find("name=\"is evaluated\" time=\"1.000\"><system-out>a finds the correct product first for 1 of 2 "
                  "photos</system-out>") != std::string::npos);
  CHECK(text.find("name=\"top1 is at least 0.4\" time=\"1.000\"><system-out>top1 is 0.5000, limit 0.4</system-out>") !=
        std::string::npos);
  CHECK(text.find("<failure message=\"mrr is 0.7500, limit 0.8\" type=\"limit\">") != std::string::npos);
}

TEST_CASE("a slice is a case of its own") {
  auto c = gated(Verdict::pass);
  SliceCheck check{"a", "new", "top1", 0.1, "category", 29, {}};
  check.slices = {{.value = "1",
                   .name = "Juice",
                   .queries = 40,
                   .test = {0.225, 1, 0.001},
                   .bounds = {0.12, 0.3},
                   .verdict = Verdict::fail},
                  {.value = "2", .name = "Milk", .queries = 8, .too_few = true}};
  check.verdict = Verdict::fail;
  c.gate->slice_checks = {check};
  const auto text = to_junit(c);
  CHECK(text.find("tests=\"3\" failures=\"1\"") != std::string::npos);
  CHECK(text.find("name=\"top1 by category falls by at most 0.1: Juice\"") != std::string::npos);
  CHECK(text.find("FAIL top-1 of a (new), category Juice: down 22.5 points (95 %: 12.0 to 30.0 down), limit 10.0, 40 "
                  "queries") != std::string::npos);
  CHECK(text.find("8 queries; at least 29 are needed to pass\" type=\"undecided\"/>") != std::string::npos);
}

TEST_CASE("common queries are said, and are a property") {
  auto c = gated(Verdict::pass);
  c.common = Common{24, {1, 0}};
  const auto text = to_junit(c);
  CHECK(text.find("<property name=\"common.queries\" value=\"24\"/>") != std::string::npos);
  CHECK(text.find("    <system-out>compared on the 24 queries that all runs have; left out: 1 of old</system-out>\n") !=
        std::string::npos);
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
