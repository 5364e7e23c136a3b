#include "matcher/run/limits.hpp"

#include "unit/core/scratch.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::test::error_of;

TEST_CASE("limits are metrics with fractions") {
  const auto limits = parse_limits("top1=0.80,mrr=1,map=0", "--fail-below");
  REQUIRE(limits.size() == 3);
  CHECK(limits[0].metric == "top1");
  CHECK(limits[0].value == 0.8);
  CHECK(limits[1].value == 1);
  CHECK(limits[2].metric == "map");
  CHECK(limits[2].value == 0);
}

TEST_CASE("a limit that is not METRIC=FRACTION is refused, and the flag named") {
  for (const char* text : {"", "top1", "top1=", "top1=x", "top1=0.5x", "top1=1.01", "top1=-0.1", "top1=nan", "mrr=0.1,",
                           "top1=0.1,,mrr=0.1"}) {
    INFO(text);
    const auto message = error_of(ErrorCode::usage, [&] { parse_limits(text, "--max-drop"); });
    CHECK(message.starts_with("--max-drop \""));
    CHECK(message.ends_with("\" is not METRIC=FRACTION with a fraction from 0 to 1, for example top1=0.05"));
  }
}

TEST_CASE("a limit needs a metric that is evaluated") {
  const std::vector<std::string> metrics{"top1", "mrr"};
  const auto check = [&](const char* text) { check_limits(parse_limits(text, "--max-drop"), metrics, "--max-drop"); };
  check("top1=0.1,mrr=0.1");
  CHECK(error_of(ErrorCode::usage, [&] { check("tpo1=0.1"); }) ==
        "--max-drop names the metric \"tpo1\", which is not evaluated (top1,mrr); did you mean \"top1\"?");
  CHECK(error_of(ErrorCode::usage, [&] { check("precision10=0.1"); }) ==
        "--max-drop names the metric \"precision10\", which is not evaluated (top1,mrr); add it to --metrics");
}

TEST_CASE("a metric fails below its limit, not at it") {
  const matcher::report::Metrics metrics{{"top1", {0.75, 0, 1}}, {"mrr", {0.5, 0, 1}}};
  CHECK(failed_limits(metrics, parse_limits("top1=0.75,mrr=0.25", "--fail-below")).empty());
  CHECK(failed_limits(metrics, parse_limits("top1=0.76,mrr=0.5001", "--fail-below")) ==
        std::vector<std::string>{"top1 is 0.7500, below 0.76", "mrr is 0.5000, below 0.5001"});
}
