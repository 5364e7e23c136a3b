#include "matcher/report/table.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/core/error.hpp"

using namespace matcher::report;

namespace {

Report report(const std::string& name, double top1) {
  Report r;
  r.model = {name, "0123456789abcdef0123456789abcdef", "fp32", "cpu", 4, 2048};
  r.dataset.name = "shelf";
  r.dataset.protocol = "studio against phone";
  r.dataset.gallery = 3;
  r.dataset.queries = 2;
  r.dataset.labels = 3;
  r.depth = 100;
  r.metrics = {{"top1", {top1, 0.1, 0.9}}, {"mrr", {0.75, 0.5, 1.0}}};
  r.speed = {12.34, 0.5, 1.5};
  return r;
}

}  // namespace

TEST_CASE("a report survives its JSON") {
  const auto text = to_json(report("a", 0.5));
  CHECK(to_json(parse_report(text, "x")) == text);
  CHECK_THROWS_AS(parse_report("{}", "x"), matcher::Error);
  CHECK_THROWS_AS(parse_report(text.substr(0, 40), "x"), matcher::Error);
}

TEST_CASE("Markdown is a table") {
  const auto text = render({{"caption"}, {"a", "b"}, {{"x", "1"}}, {}}, Format::markdown);
  CHECK(text == "caption\n\n| a | b |\n|---|--:|\n| x | 1 |\n");
}
