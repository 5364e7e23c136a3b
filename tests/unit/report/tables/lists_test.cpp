#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

TEST_CASE("models are ready, built in or missing; a missing one has its next command below") {
  const ModelList list{
      {{.name = "tiny",
        .dimension = 8,
        .ready = true,
        .size_bytes = 2048,
        .path = "",
        .source = "here",
        .license = "",
        .next_command = ""},
       {.name = "layout",
        .dimension = 384,
        .ready = true,
        .built_in = true,
        .path = "",
        .source = "matcher",
        .license = "",
        .next_command = ""},
       {.name = "far", .dimension = 16, .path = "", .source = "hub", .license = "", .next_command = "fetch far"}}};
  CHECK(print(list, Format::table) ==
        "model   dim  size     state     source\n"
        "tiny      8  2.0 KiB  ready     here\n"
        "layout  384      0 B  built in  matcher\n"
        "far      16           missing   hub\n"
        "\n"
        "far is missing; next: fetch far\n");
  CHECK(print(list, Format::csv) ==
        "model,dimension,size_bytes,state,source\n"
        "tiny,8,2048,ready,here\n"
        "layout,384,0,built in,matcher\n"
        "far,16,,missing,hub\n");
}

TEST_CASE("the cache has a row per model and the sum below") {
  const auto day = std::chrono::file_clock::from_sys(
      std::chrono::sys_seconds(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)));
  const CacheList list{
      {{example_model("a"), 24, 4096, "w/cache/01", day}, {example_model("b"), 1, 1024, "w/cache/02", day}}};
  CHECK(print(list, Format::table) ==
        "model  precision  device  dim  vectors  size     last used\n"
        "a      fp32       cpu       4       24  4.0 KiB  2026-03-01 00:00:00 UTC\n"
        "b      fp32       cpu       4        1  1.0 KiB  2026-03-01 00:00:00 UTC\n"
        "\n"
        "5.0 KiB in all; matcher cache --prune removes what is not needed\n");
  CHECK(print(list, Format::csv) ==
        "model,precision,device,dimension,vectors,bytes,last_used\n"
        "a,fp32,cpu,4,24,4096,2026-03-01 00:00:00 UTC\n"
        "b,fp32,cpu,4,1,1024,2026-03-01 00:00:00 UTC\n");
}

TEST_CASE("a verification is one row with its verdict") {
  Verification v;
  v.model = example_model();
  v.compared_with = "expected/";
  v.samples = 3;
  v.cosine = 0.99999;
  v.smallest_cosine = 0.9999;
  v.largest_difference = 0.00012;
  v.milliseconds_per_image = 12.34;
  CHECK(print(v, Format::csv) ==
        "model,compared with,samples,dim,cosine,largest difference,precision,device,ms an image,verdict\n"
        "a,expected/,3,4,0.99999,0.00012,fp32,cpu,12.34,the same\n");
  v.cosine = 0.5;
  CHECK(table_of(v, Format::table).rows[0].back() == "NOT the same");
}
