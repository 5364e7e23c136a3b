#include "matcher/report/summary.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

Comparison comparison(int broken) {
  Comparison c{"a", {{example_report("a", 0.5), {}, "old"}, {example_report("b|c", 0.25), {}, "new"}}};
  for (int i = 0; i < broken; ++i)
    c.rows[1].changes.broken.push_back(
        {"q" + std::to_string(i), "p.jpg", "1", {"g", "1", "tea|<1>"}, {"h", "2", "so\nap"}, "tea|<1>"});
  return c;
}

}  // namespace

TEST_CASE("the summary starts with the verdict and its sentences") {
  auto c = comparison(0);
  CHECK(to_summary(c).starts_with("### matcher compare\n\nshelf: studio against phone\n"));
  Check check{"a", "new", "top1", 0.01, {0.25, 1, 0.0001}, {0.2, 0.3}};
  check.verdict = matcher::eval::Verdict::undecided;
  c.gate = Gate{{check}, {}};
  CHECK(to_summary(c).starts_with("### matcher compare: undecided\n\n* UNDECIDED top-1 of a (new): down 25.0 points"));
}

TEST_CASE("no name can break a table of the summary or open a tag") {
  const auto text = to_summary(comparison(1));
  CHECK(text.find("| b\\|c ") != std::string::npos);
  CHECK(text.find("\n#### 1 newly broken by b\\|c\n\n| query | label | was answered | now |\n|---|---|---|---|\n"
                  "| q0 | tea\\|&lt;1> | tea\\|&lt;1> | so ap |\n") != std::string::npos);
}

TEST_CASE("the summary lists twenty changes and counts the rest") {
  const auto text = to_summary(comparison(23));
  CHECK(text.find("| q19 |") != std::string::npos);
  CHECK(text.find("| q20 |") == std::string::npos);
  CHECK(text.ends_with("\nand 3 more\n"));
  CHECK(to_summary(comparison(20)).find("more\n") == std::string::npos);
}
