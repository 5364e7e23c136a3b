#include "matcher/run/folder/trec_run.hpp"

#include "unit/core/scratch.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::test::error_of;
using matcher::test::Scratch;

namespace {

Run read(const Scratch& folder, const char* answers, const char* judgements, Answers how = Answers::all) {
  const auto run = folder.write("other/run.trec", answers), qrels = folder.write("other/qrels.trec", judgements);
  return read_trec_run(run, qrels, how);
}

std::vector<std::string> ids_of(const RankedQuery& query) {
  std::vector<std::string> ids;
  for (const auto& answer : query.answers) ids.push_back(answer.id);
  return ids;
}

}  // namespace

TEST_CASE("answers of another system are ordered by score, and equal ones by id from last to first") {
  const Scratch folder;
  const auto run = read(folder, "q Q0 a 1 0.1 x\nq Q0 c 2 0.5 x\nq Q0 b 3 0.5 x\n", "q 0 b 1\nq 0 a 2\nq 0 d 1\n");
  REQUIRE(run.queries.size() == 1);
  const auto& query = run.queries[0];
  CHECK(ids_of(query) == std::vector<std::string>{"c", "b", "a"});
  CHECK(query.right == std::vector<std::size_t>{2, 3});
  CHECK(query.relevant == 3);
  CHECK(query.label.empty());
}

TEST_CASE("scores are compared as float32, as trec_eval does") {
  const Scratch folder;
  const auto run = read(folder, "q Q0 a 1 0.50000001 x\nq Q0 b 2 0.5 x\n", "q 0 a 1\n");
  CHECK(ids_of(run.queries[0]) == std::vector<std::string>{"b", "a"});
}

TEST_CASE("grades of 0 or less are wrong, and repeated judgements count once") {
  const Scratch folder;
  const auto run = read(folder, "q Q0 a 1 3 x\nq Q0 b 2 2 x\nq Q0 c 3 1 x\n", "q 0 a 0\nq 0 b -1\nq 0 c 1\nq 0 c 1\n");
  CHECK(run.queries[0].right == std::vector<std::size_t>{3});
  CHECK(run.queries[0].relevant == 1);
}

TEST_CASE("queries without answers are wrong, those without judgements unknown") {
  const Scratch folder;
  const auto run = read(folder, "judged Q0 a 1 3 x\nextra Q0 a 1 3 x\n", "judged 0 a 1\nsilent 0 a 1\n");
  REQUIRE(run.queries.size() == 3);
  CHECK(run.queries[1].id == "silent");
  CHECK(run.queries[1].known());
  CHECK(run.queries[1].answers.empty());
  CHECK_FALSE(run.queries[2].known());
}

TEST_CASE("the report describes the files, and the scores are not cosines") {
  const Scratch folder;
  const auto run = read(folder, "q Q0 a 1 3 milvus\nq Q0 b 2 2 other\n", "q 0 a 1\nr 0 c 1\n");
  CHECK(run.report.model.name == "milvus");
  CHECK(run.report.model.fingerprint.empty());
  CHECK(run.report.dataset.name == "other");
  CHECK(run.report.dataset.protocol == "answers of run.trec judged by qrels.trec");
  CHECK(run.report.dataset.gallery == 3);
  CHECK(run.report.dataset.queries == 2);
  CHECK(run.report.depth == 2);
  CHECK(run.report.index.empty());
  CHECK_FALSE(run.cosines);
}

TEST_CASE("right ranks do not depend on how many answers are read") {
  const Scratch folder;
  std::string lines;
  for (int i = 10; i < 30; ++i) lines += "q Q0 i" + std::to_string(i) + " 1 " + std::to_string(-i) + " x\n";
  const auto of = [&](Answers how) { return read(folder, lines.c_str(), "q 0 i25 1\n", how).queries[0]; };
  for (const auto how : {Answers::first, Answers::shown, Answers::all})
    CHECK(of(how).right == std::vector<std::size_t>{16});
  CHECK(of(Answers::first).answers.size() == 1);
  CHECK(of(Answers::shown).answers.size() == answers_shown);
  CHECK(of(Answers::all).answers.size() == 20);
}

TEST_CASE("an item that answers a query twice is refused") {
  const Scratch folder;
  CHECK(error_of(ErrorCode::input, [&] { read(folder, "q Q0 a 1 2 x\nq Q0 a 2 1 x\n", "q 0 a 1\n"); }) ==
        (folder / "other/run.trec").string() + " answers query \"q\" with item \"a\" twice; remove one of the lines");
}

TEST_CASE("an item that is judged with two grades is refused with both lines") {
  const Scratch folder;
  const auto error = [&](const char* judgements) {
    return error_of(ErrorCode::input, [&] { read(folder, "q Q0 a 1 2 x\n", judgements); });
  };
  const auto file = (folder / "other/qrels.trec").string();
  CHECK(error("q 0 a 1\nr 0 a 0\nq 0 a 1\nq 0 a 0\n") ==
        file + ":4: item \"a\" of query \"q\" is judged again, with grade 0, but 1 in line 1; remove one of the lines");
  CHECK(error("\nq 0 a 1\nq 0 a 2\n") ==
        file + ":3: item \"a\" of query \"q\" is judged again, with grade 2, but 1 in line 2; remove one of the lines");
}

TEST_CASE("files without answers, without judgements or of other queries are refused") {
  const Scratch folder;
  const auto error = [&](const char* answers, const char* judgements) {
    return error_of(ErrorCode::input, [&] { read(folder, answers, judgements); });
  };
  const auto run = (folder / "other/run.trec").string(), qrels = (folder / "other/qrels.trec").string();
  CHECK(error("", "q 0 a 1\n") == run + " has no answers; write the answers to the 1 queries of qrels.trec into it");
  CHECK(error("q Q0 a 1 2 x\n", "\n") == qrels + " judges no item; write the right items of each query into it");
  CHECK(error("Q Q0 a 1 2 x\nr Q0 a 1 2 x\n", "q 0 a 1\ns 0 a 1\n") ==
        "none of the 2 queries of qrels.trec is in " + run +
            ": \"Q\" is, not \"q\" (\"Q\" of the answers and \"q\" of the judgements differ in capitals); write the "
            "ids alike in both files");
  CHECK(error("r Q0 a 1 2 x\n", "q 0 a 1\n") == "none of the 1 queries of qrels.trec is in " + run +
                                                    ": \"r\" is, not \"q\"; write the ids alike in both files");
}

TEST_CASE("answers of other items, and scores that contradict the ranks, are doubtful") {
  const Scratch folder;
  const auto warnings = [&](const char* answers) {
    return read(folder, answers, "q 0 a.jpg 1\nr 0 b.jpg 1\n").warnings;
  };
  const auto run = (folder / "other/run.trec").string();
  CHECK(warnings("q Q0 a.jpg 1 3 x\nq Q0 b 2 2 x\nr Q0 a 1 9 x\n").empty());
  CHECK(warnings("q Q0 A.jpg 1 3 x\nq Q0 b 2 2 x\n") ==
        std::vector{"no answer of " + run +
                    " is an item that qrels.trec judges, so all are wrong: \"A.jpg\" is answered, \"a.jpg\" is judged "
                    "(\"A.jpg\" of the answers and \"a.jpg\" of the judgements differ in capitals)"});
  CHECK(warnings("q Q0 a.jpg 1 0.1 x\nq Q0 b.jpg 2 0.2 x\n") ==
        std::vector{"the scores of " + run +
                    " rise with the rank, but the highest score counts as the best answer, as in trec_eval; write "
                    "similarities, not distances"});
  CHECK(
      warnings("q Q0 a.jpg 1 1 x\nq Q0 b.jpg 2 1 x\n") ==
      std::vector{"the scores of " + run +
                  " do not order the answers: equal scores are ordered by item id, as in trec_eval, and ranks are not "
                  "used; write falling scores"});
  CHECK(warnings("q Q0 a.jpg 0 1 x\nq Q0 b.jpg 0 1 x\n").empty());
}
