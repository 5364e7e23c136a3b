#include "matcher/report/comparison.hpp"

#include <catch2/catch_test_macros.hpp>

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

TEST_CASE("a comparison as a table names protocol, sizes and gains") {
  const Comparison comparison{"a", {{report("a", 0.5), {}}, {report("b+c", 0.75), {{"top1", {0.25, -0.1, 0.6, 0.5}}}}}};
  CHECK(render(table_of(comparison, Format::table), Format::table) ==
        "shelf: studio against phone\n"
        "gallery: 3 items of 3 labels; queries: 2; search: exact; answers kept: 100\n"
        "\n"
        "model  dim  size     images/s  top-1   MRR     top-1 gain, points\n"
        "a        4  2.0 KiB      12.3  50.0 %  0.7500  baseline\n"
        "b+c      4  2.0 KiB      12.3  75.0 %  0.7500  +25.0 [-10.0, +60.0] p=0.5\n"
        "\n"
        "gain: over the baseline on the same queries, with its 95 % interval (paired bootstrap) and exact McNemar p\n");
}

TEST_CASE("CSV has fractions and one column a number") {
  const Comparison comparison{"a", {{report("a", 0.5), {}}, {report("b", 0.75), {{"top1", {0.25, -0.1, 0.6, 0.5}}}}}};
  const auto text = render(table_of(comparison, Format::csv), Format::csv);
  CHECK(text.starts_with("model,dimension,fingerprint,size_bytes,images_per_second,top1,top1_low,top1_high,top1_gain,"));
  CHECK(text.find("0.750000,0.100000,0.900000,0.250000,-0.100000,0.600000,0.500000") != std::string::npos);
}
