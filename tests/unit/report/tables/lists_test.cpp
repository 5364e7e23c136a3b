#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>

#include "matcher/report/tables.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;
using Catch::Matchers::EndsWith;

namespace {

ModelList models() {
  ListedModel tiny{.name = "tiny", .dimension = 8, .ready = true, .size_bytes = 2048};
  tiny.path = "models/tiny.pt";
  tiny.source = "here";
  tiny.license = "MIT";
  tiny.parameters = 1'250'000;
  tiny.height = tiny.width = 224;
  tiny.takes_texts = true;
  tiny.family = "clip";
  ListedModel layout{.name = "layout", .dimension = 384, .ready = true, .built_in = true};
  layout.source = "matcher";
  ListedModel far{.name = "far", .dimension = 16};
  far.source = "hub";
  far.next_command = "fetch far";
  return {{tiny, layout, far}};
}

}  // namespace

TEST_CASE("models are ready, built in or missing; a missing one has its next command below") {
  CHECK(print(models(), Format::table) ==
        "model   family  state     dim  input    parameters  size     texts  licence  source   path\n"
        "tiny    clip    ready       8  224x224       1.2 M  2.0 KiB  yes    MIT      here     models/tiny.pt\n"
        "layout          built in  384                           0 B  no              matcher\n"
        "far             missing    16                                                hub\n"
        "\n"
        "far is missing; next: fetch far\n");
}

TEST_CASE("missing models that one command gets share a line") {
  auto list = models();
  ListedModel further{.name = "further", .dimension = 16};
  further.next_command = "fetch further";
  ListedModel other{.name = "other", .dimension = 16};
  other.next_command = "cp other.pt models/";
  list.models.insert(list.models.end(), {further, other});
  CHECK_THAT(print(list, Format::table), EndsWith("\n\n2 models are missing; next: fetch NAME, for example fetch far\n"
                                                  "other is missing; next: cp other.pt models/\n"));
}

TEST_CASE("models as CSV have bytes and counts") {
  CHECK(print(models(), Format::csv) ==
        "model,dimension,size_bytes,state,source,parameters,input,texts,license,path,family\n"
        "tiny,8,2048,ready,here,1250000,224x224,yes,MIT,models/tiny.pt,clip\n"
        "layout,384,0,built in,matcher,0,,no,,,\n"
        "far,16,,missing,hub,0,,,,,\n");
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

TEST_CASE("settings are a row each, and the file is below") {
  const SettingList list{"matcher.yaml", {{"depth", "50", "matcher.yaml:3"}, {"model", "", "default"}}};
  CHECK(print(list, Format::table) ==
        "setting  value  from\n"
        "depth       50  matcher.yaml:3\n"
        "model           default\n"
        "\n"
        "configuration: matcher.yaml\n");
  CHECK_THAT(print(SettingList{}, Format::table), EndsWith("no matcher.yaml was found\n"));
}

TEST_CASE("findings are counted below their table, but not in CSV") {
  using State = Finding::State;
  Diagnosis diagnosis{{{State::good, "memory", "8 GiB"}}};
  CHECK_THAT(print(diagnosis, Format::table), EndsWith("\nall is well\n"));
  CHECK_FALSE(diagnosis.is_broken());
  diagnosis.findings.push_back({State::slow, "load", "busy", "wait"});
  CHECK_FALSE(diagnosis.is_broken());
  diagnosis.findings.push_back({State::broken, "LibTorch", "missing", "install it"});
  CHECK(diagnosis.is_broken());
  CHECK(print(diagnosis, Format::table) ==
        "subject   state    found    next\n"
        "memory    ok       8 GiB\n"
        "load      warning  busy     wait\n"
        "LibTorch  problem  missing  install it\n"
        "\n"
        "1 problem, 1 warning\n");
  CHECK(print(diagnosis, Format::csv) ==
        "subject,state,found,next\nmemory,ok,8 GiB,\nload,warning,busy,wait\nLibTorch,problem,missing,install it\n");
}
