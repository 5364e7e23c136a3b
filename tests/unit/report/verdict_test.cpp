#include "matcher/report/verdict.hpp"

#include <catch2/catch_test_macros.hpp>

#include "unit/report/example.hpp"

using namespace matcher::report;

namespace {

Contender contender(const std::string& model, double value, matcher::eval::Gain behind = {}) {
  return {model, "runs/" + model, {value, value - 0.05, value + 0.05}, behind};
}

const matcher::eval::Gain far{.value = 0.15, .low = 0.12, .high = 0.18, .p = 1e-6, .p_corrected = 2e-6};
const matcher::eval::Gain near{.value = 0.01, .low = -0.02, .high = 0.04, .p = 0.6, .p_corrected = 0.6};

}  // namespace

TEST_CASE("a verdict is one sentence") {
  const ModelVerdict verdict{"top1", contender("a", 0.64), {contender("b", 0.63, near)}, {contender("c", 0.49, far)}};
  CHECK(sentence(verdict) ==
        "best: a (top-1 64.0 %); not shown to differ: b (63.0 %); worse: c (-15.0 points [-18.0, -12.0], p=2e-06)");
}

TEST_CASE("a verdict names four models, or two and the number of the others") {
  ModelVerdict verdict{"top1", contender("a", 0.64), {}, {}};
  for (const char* model : {"b", "c", "d", "e"}) verdict.not_shown_to_differ.push_back(contender(model, 0.63, near));
  CHECK(sentence(verdict).ends_with("; not shown to differ: b (63.0 %), c (63.0 %), d (63.0 %), e (63.0 %)"));
  verdict.not_shown_to_differ.push_back(contender("f", 0.62, near));
  CHECK(sentence(verdict).ends_with("; not shown to differ: b (63.0 %), c (63.0 %) and 3 more"));
}

TEST_CASE("a verdict names no winner if no model is shown to be worse") {
  const ModelVerdict verdict{"mrr", contender("a", 0.64), {contender("b", 0.63, near)}, {}};
  CHECK(sentence(verdict) == "no model is shown to be better; highest: a (MRR 0.640); not shown to differ: b (0.630)");
}

TEST_CASE("a verdict names the runs of one model") {
  ModelVerdict verdict{"top1", contender("a", 0.64), {}, {contender("a", 0.49, far)}};
  verdict.worse[0].run = "runs/old";
  CHECK(sentence(verdict) ==
        "best: a (runs/a) (top-1 64.0 %); worse: a (runs/old) (-15.0 points [-18.0, -12.0], p=2e-06)");
}

TEST_CASE("a run has a sentence: what is found first, and who loses the rest") {
  auto run = example_report("a", 0.64);
  run.dataset.queries = 200;
  CHECK(sentence(run) == "a finds the correct product first for 64 of 100 photos");
  run.losses = {{"top1", {0.36, 0, 0, 0}}};
  CHECK(sentence(run) ==
        "a finds the correct product first for 64 of 100 photos; the model loses 36.0 points, the index none");
  run.losses = {{"top1", {0.3, 0.01, 0.02, 0.03}}};
  CHECK(sentence(run).ends_with(
      "; the model loses 30.0 points, the index loses 5.0 points, the order of equal scores loses 1.0 points"));
  run.losses = {{"top1", {0, 0, 0.02, 0}}};
  CHECK(sentence(run).ends_with("; the model loses none, the index loses 2.0 points"));
  run.losses = {{"top1", {0.4, 0, 0, -0.04}}};
  CHECK(sentence(run).ends_with("; the model loses 40.0 points, the index wins 4.0 points"));
  run.dataset.queries_are = QueryKind::text;
  CHECK(sentence(run).starts_with("a finds the correct product first for 64 of 100 texts; "));
  run.dataset.queries_are = QueryKind::any;
  CHECK(sentence(run).starts_with("a finds the correct product first for 64 of 100 queries; "));
  run.metrics = {{"mrr", {0.64, 0.6, 0.7}}};
  CHECK(sentence(run) == "a: MRR 0.640");
}

TEST_CASE("a half is rounded up, as people do") { CHECK(count_in_words(0.125, 240) == "13 of 100"); }

TEST_CASE("fewer than 100 queries are counted as they are") {
  CHECK(count_in_words(16.0 / 24, 24) == "16 of 24");
  CHECK(count_in_words(16.0 / 24, 99) == "66 of 99");
  CHECK(count_in_words(16.0 / 24, 100) == "67 of 100");
  auto run = example_report("a", 0.64);
  run.dataset.queries = 30;
  run.dataset.unknown_queries = 5;
  CHECK(sentence(run) == "a finds the correct product first for 16 of 25 photos");
}

TEST_CASE("a difference is shown up to a corrected p of 0.05") {
  CHECK(is_shown({.p_corrected = 0.05}));
  CHECK_FALSE(is_shown({.p_corrected = 0.0501}));
}
