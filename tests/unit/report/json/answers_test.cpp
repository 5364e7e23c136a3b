#include "matcher/report/answers.hpp"

#include <catch2/catch_test_macros.hpp>

#include "matcher/report/json.hpp"
#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

Answers answers() {
  Answers a{.model = example_model(), .index_type = "Flat", .items = 3, .threshold = {}, .available = 2, .queries = {}};
  a.queries.push_back({"q.jpg", false, {}, "", {{"i1", "tea", "i1.jpg", 0.5F}, {"i2", "soap", "i2.jpg", 0.25F}}});
  return a;
}

}  // namespace

TEST_CASE("answers in JSON name the model, the index and each ranked answer") {
  CHECK(to_json(answers()) == R"({
  "schema": "matcher.answers/1",
  "model": {
    "name": "a",
    "fingerprint": "0123456789abcdef0123456789abcdef",
    "dimension": 4
  },
  "index": {
    "type": "Flat",
    "count": 3
  },
  "threshold": null,
  "queries": [
    {
      "query": "q.jpg",
      "kind": "image",
      "answers": [
        {
          "rank": 1,
          "label": "tea",
          "score": 0.5,
          "id": "i1",
          "path": "i1.jpg"
        },
        {
          "rank": 2,
          "label": "soap",
          "score": 0.25,
          "id": "i2",
          "path": "i2.jpg"
        }
      ]
    }
  ]
}
)");
}

TEST_CASE("a rejected query has its best score, an unreadable one its error") {
  Answers a{.model = {},
            .index_type = "Flat",
            .items = 3,
            .threshold = 0.75,
            .threshold_score = matcher::ScoreKind::margin,
            .threshold_from = "shelf/threshold.json",
            .available = 2,
            .queries = {}};
  a.queries = {{"tea", true, Answer{"i1", "tea", "i1.jpg", 0.5F}, "", {}, 0.125F},
               {"q.jpg", false, {}, "empty file", {}}};
  const auto text = to_json(a);
  CHECK(text.ends_with(R"(  "threshold": 0.75,
  "threshold_score": "margin",
  "threshold_from": "shelf/threshold.json",
  "queries": [
    {
      "query": "tea",
      "kind": "text",
      "answers": [],
      "best_score": 0.5,
      "nearest": {
        "label": "tea",
        "score": 0.5,
        "id": "i1",
        "path": "i1.jpg"
      },
      "margin": 0.125
    },
    {
      "query": "q.jpg",
      "kind": "image",
      "answers": [],
      "error": "empty file"
    }
  ]
}
)"));
}

TEST_CASE("a score is written with every digit of its float32") {
  auto a = answers();
  a.queries[0].answers[0].score = 0.1F;
  CHECK(to_json(a).find("\"score\": 0.10000000149011612,") != std::string::npos);
}

TEST_CASE("bytes that are not UTF-8 are replaced, because JSON cannot hold them") {
  auto a = answers();
  a.queries[0].query = "caf\xe9.jpg";
  CHECK(to_json(a).find("\"query\": \"caf\xef\xbf\xbd.jpg\"") != std::string::npos);
}
