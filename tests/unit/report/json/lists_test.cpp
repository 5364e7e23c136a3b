#include <catch2/catch_test_macros.hpp>

#include "matcher/report/json.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

TEST_CASE("the models in JSON have size, file and next command") {
  const ModelList list{{{.name = "tiny",
                         .dimension = 8,
                         .ready = true,
                         .size_bytes = 2048,
                         .path = "models/tiny.pt",
                         .source = "here",
                         .license = "MIT",
                         .next_command = ""},
                        {.name = "far", .dimension = 16, .source = "hub", .license = "", .next_command = "fetch far"}}};
  CHECK(to_json(list) == R"({
  "schema": "matcher.models/1",
  "models": [
    {
      "name": "tiny",
      "dimension": 8,
      "ready": true,
      "size_bytes": 2048,
      "path": "models/tiny.pt",
      "source": "here",
      "license": "MIT",
      "next_command": "",
      "parameters": 0,
      "height": 0,
      "width": 0,
      "takes_texts": false,
      "family": ""
    },
    {
      "name": "far",
      "dimension": 16,
      "ready": false,
      "size_bytes": 0,
      "path": "",
      "source": "hub",
      "license": "",
      "next_command": "fetch far",
      "parameters": 0,
      "height": 0,
      "width": 0,
      "takes_texts": false,
      "family": ""
    }
  ]
}
)");
}

TEST_CASE("the cache in JSON has a folder and a date in UTC per model") {
  const auto day = std::chrono::file_clock::from_sys(
      std::chrono::sys_seconds(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)));
  const CacheList list{
      {{.model = example_model(), .vectors = 24, .bytes = 4096, .folder = "w/cache/01", .last_used = day}}};
  CHECK(to_json(list) == R"({
  "schema": "matcher.cache/1",
  "models": [
    {
      "model": "a",
      "fingerprint": "0123456789abcdef0123456789abcdef",
      "precision": "fp32",
      "device": "cpu",
      "dimension": 4,
      "vectors": 24,
      "bytes": 4096,
      "folder": "w/cache/01",
      "last_used": "2026-03-01 00:00:00 UTC"
    }
  ]
}
)");
  CHECK(to_json(CacheList{}) == "{\n  \"schema\": \"matcher.cache/1\",\n  \"models\": []\n}\n");
}

TEST_CASE("settings in JSON have their file, value and origin") {
  CHECK(to_json(SettingList{"matcher.yaml", {{"depth", "50", "matcher.yaml:3"}}}) == R"({
  "schema": "matcher.config/1",
  "file": "matcher.yaml",
  "settings": [
    {
      "name": "depth",
      "value": "50",
      "origin": "matcher.yaml:3"
    }
  ]
}
)");
}

TEST_CASE("findings in JSON have a state and advice") {
  CHECK(to_json(Diagnosis{{{Finding::State::slow, "load", "busy", "wait"}}}) == R"({
  "schema": "matcher.doctor/1",
  "findings": [
    {
      "subject": "load",
      "state": "warning",
      "text": "busy",
      "advice": "wait"
    }
  ]
}
)");
}
