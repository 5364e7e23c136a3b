#include "matcher/store/threshold_file.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <limits>

#include "unit/core/scratch.hpp"

using namespace matcher;
using namespace matcher::store;
using Catch::Matchers::ContainsSubstring;
using test::error_of;

namespace {

StoredThreshold threshold() {
  StoredThreshold t;
  t.model = {.name = "m", .fingerprint = "f", .precision = "fp32", .device = "cpu", .dimension = 3, .size_bytes = 9};
  t.index = {.name = "shop", .fingerprint = "d", .protocol = ""};
  t.dataset = "queries";
  t.threshold = {0.75, 0.7, std::numeric_limits<double>::infinity()};
  t.wanted_false_alarms = 0.01;
  t.false_alarms = {0.01, 0, 0.05};
  t.detected = {0.9, 0.8, 0.95};
  t.known = 40;
  t.unknown = 300;
  return t;
}

IndexManifest manifest_of(const StoredThreshold& t) {
  IndexManifest manifest;
  manifest.model = t.model;
  manifest.data = t.index;
  return manifest;
}

}  // namespace

TEST_CASE("A threshold comes back for the index that it was measured on", "[threshold-file]") {
  const test::Scratch folder;
  CHECK_FALSE(read_threshold(folder.path(), manifest_of(threshold())));
  write_threshold(folder.path(), threshold());
  CHECK(read_threshold(folder.path(), manifest_of(threshold())) == ScoreThreshold{ScoreKind::cosine, 0.75});
  auto margin = threshold();
  margin.score = ScoreKind::margin;
  write_threshold(folder.path(), margin);
  CHECK(read_threshold(folder.path(), manifest_of(margin)) == ScoreThreshold{ScoreKind::margin, 0.75});
}

TEST_CASE("threshold.json names model, index and dataset, and an infinite bound is null", "[threshold-file]") {
  const test::Scratch folder;
  write_threshold(folder.path(), threshold());
  const auto text = read_text(folder / "threshold.json");
  CHECK_THAT(text, ContainsSubstring(R"("schema": "matcher.threshold/1")"));
  CHECK_THAT(text, ContainsSubstring("\"model\": {\n    \"name\": \"m\",\n    \"fingerprint\": \"f\"\n  }"));
  CHECK_THAT(text, ContainsSubstring("\"index\": {\n    \"fingerprint\": \"d\"\n  }"));
  CHECK_THAT(text, ContainsSubstring("\"value\": 0.75,\n    \"low\": 0.7,\n    \"high\": null"));
  CHECK_THAT(text, ContainsSubstring("\"known\": 40,\n    \"unknown\": 300,\n    \"unknown_are\": \"real\""));
  auto left_out = threshold();
  left_out.left_out = true;
  write_threshold(folder.path(), left_out);
  CHECK_THAT(read_text(folder / "threshold.json"), ContainsSubstring(R"("unknown_are": "left-out")"));
}

TEST_CASE("A threshold of another model or of other items is refused", "[threshold-file]") {
  const test::Scratch folder;
  write_threshold(folder.path(), threshold());
  auto other_model = manifest_of(threshold()), other_items = other_model;
  other_model.model.fingerprint = "g";
  other_items.data.fingerprint = "e";
  const auto command = "Measure again: matcher threshold --index " + folder.path().string();
  for (const auto& manifest : {other_model, other_items}) {
    CHECK_THAT(error_of(ErrorCode::mismatch, [&] { read_threshold(folder.path(), manifest); }),
               ContainsSubstring("was measured on another index") && ContainsSubstring(command));
  }
}

TEST_CASE("A damaged threshold file is refused with the command that replaces it", "[threshold-file]") {
  const test::Scratch folder;
  write_threshold(folder.path(), threshold());
  const auto whole = read_text(folder / "threshold.json");
  folder.write("threshold.json", whole.substr(0, whole.size() / 2));
  CHECK_THAT(error_of(ErrorCode::input, [&] { read_threshold(folder.path(), manifest_of(threshold())); }),
             ContainsSubstring("is damaged") && ContainsSubstring("matcher threshold --index"));
  folder.write("threshold.json", "{}");
  CHECK_THAT(error_of(ErrorCode::input, [&] { read_threshold(folder.path(), manifest_of(threshold())); }),
             ContainsSubstring("is damaged (\"schema\" is missing)"));
}

TEST_CASE("A changed byte of a threshold file is seen", "[threshold-file]") {
  const test::Scratch folder;
  write_threshold(folder.path(), threshold());
  const auto whole = read_text(folder / "threshold.json");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] = char(changed[i] ^ 1);
    folder.write("threshold.json", changed);
    INFO("byte " << i);
    CHECK_THAT(error_of(ErrorCode::input, [&] { read_threshold(folder.path(), manifest_of(threshold())); }),
               ContainsSubstring("threshold.json\" is damaged ("));
  }
}

TEST_CASE("A threshold file of 0.1.0 holds a cosine, and an unknown score is damage", "[threshold-file]") {
  const test::Scratch folder;
  write_threshold(folder.path(), threshold());
  auto text = read_text(folder / "threshold.json");
  text.replace(text.find(",\n  \"sum\""), std::string::npos, "\n}\n");
  const std::string line = "  \"score\": \"cosine\",\n";
  auto older = text, other = text;
  older.erase(older.find(line), line.size());
  folder.write("threshold.json", older);
  CHECK(read_threshold(folder.path(), manifest_of(threshold())) == ScoreThreshold{ScoreKind::cosine, 0.75});
  other.replace(other.find("cosine"), 6, "entropy");
  folder.write("threshold.json", other);
  CHECK_THAT(error_of(ErrorCode::input, [&] { read_threshold(folder.path(), manifest_of(threshold())); }),
             ContainsSubstring("is damaged (unknown score \"entropy\"; use cosine or margin)"));
}
