#include "matcher/run/fusion.hpp"

#include <fmt/format.h>

#include <catch2/catch_approx.hpp>

#include "matcher/run/run_folder.hpp"
#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::eval::Fusion;
using matcher::test::error_of;
using matcher::test::Scratch;
using test::query;

namespace {

/// 40 queries of 5 labels, with 12 answers of 3 different scores each; `shift` makes models differ. Every eighth query
/// has an unknown label.
Run model_run(const std::string& model, std::size_t shift) {
  std::vector<RankedQuery> queries;
  for (std::size_t q = 0; q < 40; ++q) {
    std::vector<RankedAnswer> answers;
    for (std::size_t a = 0; a < 12; ++a) {
      const auto item = (q * 7 + a * 3 + shift * (q % 3)) % 25;
      answers.push_back({fmt::format("item{:02}", item), fmt::format("label{}", item % 5), 1 - float(a / 4) / 4});
    }
    const bool known = q % 8 != 0;
    auto made = query(fmt::format("q{}", q), known ? fmt::format("label{}", q % 5) : "other", answers, known ? 5 : 0);
    made.details.edit().text = fmt::format("text {}", q);
    for (std::size_t item = q % 5; known && item < 25; item += 5)
      made.relevant_ids.push_back(fmt::format("item{:02}", item));
    made.details.edit().right_id = known ? made.relevant_ids[0] : "";
    queries.push_back(std::move(made));
  }
  auto run = test::make_run(std::move(queries), model);
  run.label_names = {{"label1", "One"}};
  return run;
}

/// The members as evaluate() leaves them in memory, or as they are read from their folders.
std::vector<Run> members_in_memory() {
  std::vector<Run> members{model_run("a", 0), model_run("b", 4)};
  for (auto& member : members) keep_stored(member);
  join_members(members);
  return members;
}

std::vector<Run> members_from_disk(const Scratch& folder) {
  std::vector<Run> members;
  for (const auto& run : {model_run("a", 0), model_run("b", 4)}) {
    RunFolder::write(folder / run.report.model.name, run);
    members.push_back(RunFolder::open_own(folder / run.report.model.name).read(Answers::all));
  }
  join_members(members);
  return members;
}

void check_equal(const Run& a, const Run& b) {
  CHECK(a.report.model.name == b.report.model.name);
  CHECK(a.report.model.fingerprint == b.report.model.fingerprint);
  CHECK(a.label_names == b.label_names);
  REQUIRE(a.queries.size() == b.queries.size());
  for (std::size_t q = 0; q < a.queries.size(); ++q) {
    const auto &x = a.queries[q], &y = b.queries[q];
    INFO(x.id);
    CHECK(x.id == y.id);
    CHECK(x.right == y.right);
    CHECK(x.details->right_id == y.details->right_id);
    CHECK(x.relevant_ids == y.relevant_ids);
    REQUIRE(x.answers.size() == y.answers.size());
    for (std::size_t i = 0; i < x.answers.size(); ++i) {
      CHECK(x.answers[i].id == y.answers[i].id);
      CHECK(x.answers[i].label == y.answers[i].label);
      CHECK(x.answers[i].score == y.answers[i].score);
    }
  }
}

}  // namespace

TEST_CASE("fusing from memory equals fusing from disk") {
  const Scratch folder;
  const auto memory = members_in_memory(), disk = members_from_disk(folder);
  for (std::size_t m = 0; m < memory.size(); ++m) check_equal(memory[m], disk[m]);
  for (const auto method : {Fusion::score, Fusion::rrf}) {
    const std::vector<double> weights{0.75, 0.25};
    check_equal(fuse_answers(memory, method, weights), fuse_answers(disk, method, weights));
  }
}

TEST_CASE("a run in memory is reduced to what its folder keeps") {
  auto run = model_run("a", 0);
  keep_stored(run);
  CHECK(run.queries[0].answers.size() == answers_shown);  // unknown
  CHECK(run.queries[0].answers[0].score == run.queries[0].answers[1].score);
  CHECK(run.queries[1].answers.size() == 12);
  CHECK(run.queries[1].answers[0].score > run.queries[1].answers[1].score);
  for (const auto& one : run.queries) CHECK(one.details->right_id.empty() == (!one.known() || is_right(one)));
}

TEST_CASE("members tell each other the labels of their answers") {
  std::vector<Run> members{model_run("a", 0), model_run("b", 0)};
  for (auto& one : members[0].queries)
    for (auto& answer : one.answers) answer.label.clear();
  join_members(members);
  CHECK(members[0].queries[5].answers[3].label == members[1].queries[5].answers[3].label);
  CHECK_FALSE(members[0].queries[5].answers[3].label.empty());
}

TEST_CASE("runs of other data or queries are not fused") {
  std::vector<Run> members{model_run("a", 0), model_run("b", 1)};
  members[1].report.depth = 7;
  CHECK(error_of(ErrorCode::mismatch, [&] { join_members(members); }) ==
        "cannot fuse the runs \"runs/a\" and \"runs/b\": they keep 20 and 7 answers per query (depth); evaluate both "
        "again on the same data");
  members[1].report.depth = 20;
  std::swap(members[1].queries[0], members[1].queries[1]);
  CHECK(error_of(ErrorCode::mismatch, [&] { join_members(members); }).find("they hold different queries") !=
        std::string::npos);
}

TEST_CASE("the weights of one model alone give its order") {
  const auto members = members_in_memory();
  const auto fused = fuse_answers(members, Fusion::score, std::vector<double>{1, 0});
  for (std::size_t q = 1; q < 8; ++q) {
    CHECK(fused.queries[q].answers[0].id == members[0].queries[q].answers[0].id);
    CHECK(fused.queries[q].answers[0].score == members[0].queries[q].answers[0].score);
  }
  CHECK_FALSE(fused.cosines);
}

TEST_CASE("equal weights of reciprocal ranks add 1 / (60 + rank)") {
  std::vector<Run> members{test::make_run({query("q", "tea", {{"x", "tea", 0.9f}, {"y", "milk", 0.8f}})}, "a"),
                           test::make_run({query("q", "tea", {{"y", "milk", 0.9f}})}, "b")};
  const auto fused = fuse_answers(members, Fusion::rrf, std::vector<double>{0.5, 0.5});
  const auto& answers = fused.queries[0].answers;
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].id == "y");
  CHECK(answers[0].score == float(1.0 / 62 + 1.0 / 61));
  CHECK(answers[1].score == float(1.0 / 61));
  CHECK(fused.queries[0].right == std::vector<std::size_t>{2});
}

TEST_CASE("a fused model is named and fingerprinted by method, members and weights") {
  const auto members = members_in_memory();
  const auto name = [&](Fusion method, std::vector<double> weights) {
    return fuse_answers(members, method, weights).report.model;
  };
  CHECK(name(Fusion::rrf, {0.5, 0.5}).name == "rrf(a,b)");
  CHECK(name(Fusion::score, {0.75, 0.25}).name == "score(a:0.75,b:0.25)");
  CHECK(name(Fusion::score, {0.75, 0.25}).precision == "fp32");
  CHECK(name(Fusion::score, {0.5, 0.5}).fingerprint != name(Fusion::score, {0.75, 0.25}).fingerprint);
  CHECK(name(Fusion::score, {0.5, 0.5}).fingerprint == "69317555d7b7da05798f0777f36dfda1");  // as in version 0.1
  CHECK(fuse_answers(members, Fusion::rrf, std::vector<double>{0.5, 0.5}).report.speed.images_per_second == 5);
}

TEST_CASE("weights are scaled to sum 1, and invalid ones refused") {
  CHECK(scale_weights({}, 4).values == std::vector<double>(4, 0.25));
  CHECK(scale_weights({3, 1}, 2).values == std::vector<double>{0.75, 0.25});
  CHECK_FALSE(scale_weights({3, 1}, 2).tuning.has_value());
  CHECK(error_of(ErrorCode::usage, [] { scale_weights({1}, 2); }) ==
        "--weights gives 1 weights for 2 models; give one per model");
  for (const auto& weights : {std::vector<double>{0, 0}, {1, -1}, {1, 1 / 0.0}}) {
    CHECK(error_of(ErrorCode::usage, [&] {
            scale_weights(weights, 2);
          }).ends_with("is invalid: weights must be 0 or more, and at least one above 0"));
  }
}

TEST_CASE("weights chosen on one half leave the other to the report") {
  auto members = members_in_memory();
  const auto whole = members[0].report.dataset;
  const auto weights = tune_on_half(members, Fusion::score);
  REQUIRE(weights.tuning.has_value());
  CHECK(weights.values[0] + weights.values[1] == Catch::Approx(1));
  CHECK(weights.tuning->half);
  CHECK(weights.tuning->queries + weights.tuning->reported == 35);
  CHECK(members[0].queries.size() < 40);
  CHECK(members[0].queries.size() == members[1].queries.size());
  CHECK(members[0].report.dataset.name == "shelf (reported half)");
  CHECK(members[0].report.dataset.fingerprint != whole.fingerprint);
  CHECK(members[0].report.dataset.queries == members[0].queries.size());
  auto ensemble = model_run("c", 2);
  keep_queries_of(ensemble, members[0]);
  CHECK(ensemble.queries.size() == members[0].queries.size());
  CHECK(ensemble.queries.back().id == members[0].queries.back().id);
}

TEST_CASE("weights chosen elsewhere use no query that is reported") {
  auto others = members_in_memory();
  for (auto& other : others) {
    other.report.dataset.name = "cellar";
    for (std::size_t q = 20; q < 40; ++q) {
      other.queries[q].id += " elsewhere";
      other.queries[q].details.edit().text += " elsewhere";
    }
  }
  const auto weights = tune_elsewhere(others, members_in_memory(), Fusion::rrf);
  CHECK(weights.tuning->dataset == "cellar");
  CHECK_FALSE(weights.tuning->half);
  CHECK(weights.tuning->left_out == 20);
  CHECK(weights.tuning->queries == 18);
  CHECK(weights.tuning->reported == 35);
}

TEST_CASE("too few queries choose no weights") {
  const auto members = members_in_memory();
  CHECK(error_of(ErrorCode::input, [&] { tune_elsewhere(members, members, Fusion::score); }) ==
        "too few queries with a right answer to choose weights: 0 would choose them and 35 be reported, but each part "
        "needs 10; give --weights, or more queries");
}

TEST_CASE("a fusion reports gains over each member, the ceiling and the overlap of errors") {
  std::vector<Run> members{test::counted_run(30, 10, "a"), test::counted_run(20, 20, "b")};
  auto ensemble = test::counted_run(35, 5, "both");
  ensemble.report.losses = {{"top1", {}}};
  const auto found = describe_fusion(ensemble, members, std::vector<double>{0.5, 0.5}, test::metrics({"mrr", "top1"}));
  REQUIRE(found.members.size() == 2);
  CHECK(found.members[0].gains[1].first == "top1");
  CHECK(found.members[0].gains[1].second.value == Catch::Approx(5.0 / 40));
  CHECK(found.members[1].gains[1].second.value == Catch::Approx(15.0 / 40));
  CHECK(found.members[1].gains[1].second.p_corrected > found.members[1].gains[1].second.p);
  CHECK(found.ceiling[1].second.value == Catch::Approx(30.0 / 40));
  CHECK(found.k == 1);
  REQUIRE(found.overlaps.size() == 1);
  CHECK(found.overlaps[0].counts.only_a == 10);
  CHECK(found.overlaps[0].counts.both_wrong == 10);
  CHECK(ensemble.report.losses.empty());
  CHECK(ensemble.report.metrics[0].first == "mrr");
}

TEST_CASE("a fusion needs a top-k accuracy, to count errors") {
  std::vector<Run> members{test::counted_run(3, 1, "a"), test::counted_run(2, 2, "b")};
  auto ensemble = test::counted_run(3, 1, "both");
  CHECK(error_of(ErrorCode::usage, [&] {
          describe_fusion(ensemble, members, std::vector<double>{0.5, 0.5}, test::metrics({"mrr"}));
        }) == "fuse counts correct and wrong answers. Add a top-k accuracy to --metrics, for example top1");
}

TEST_CASE("a fusion breaks down the queries that it reports") {
  auto members = members_in_memory();
  const auto weights = tune_on_half(members, Fusion::rrf);
  auto ensemble = fuse_answers(members, Fusion::rrf, weights.values);
  const auto found = describe_fusion(ensemble, members, weights.values, test::metrics({"top1"}));
  const auto count = [](const matcher::report::Report& report) {
    std::size_t queries = 0;
    for (const auto& label : report.breakdown.labels) queries += label.queries;
    return queries;
  };
  REQUIRE(weights.tuning->reported < 35);
  CHECK(count(found.ensemble) == weights.tuning->reported);
  CHECK(count(found.members[0].report) == weights.tuning->reported);
  CHECK(count(found.members[1].report) == weights.tuning->reported);
}
