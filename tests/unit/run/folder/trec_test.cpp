#include "matcher/run/folder/trec.hpp"

#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::test::error_of;
using matcher::test::Scratch;

TEST_CASE("ids are single words in the files, and come back unchanged") {
  for (const std::string id :
       {"plain/id.jpg", "two words", "tab\tand\nline", "100%", "%20", "%2", "%", "über.jpg", "\x7f", ""}) {
    INFO(id);
    CHECK(escape_id(id).find_first_of(" \t\n\r") == std::string::npos);
    CHECK(unescape_id(escape_id(id)) == id);
  }
  CHECK(escape_id("a b%c") == "a%20b%25c");
  CHECK(escape_id("über") == "über");
}

TEST_CASE("words that are no escapes stay as they are") {
  CHECK(unescape_id("%zz") == "%zz");
  CHECK(unescape_id("50%") == "50%");
  CHECK(unescape_id("%4") == "%4");
}

TEST_CASE("lines are read with any blanks, and blank lines are skipped") {
  const Scratch folder;
  const auto file = folder.write("run.trec", "q1 Q0 a 1 0.5 x\n\n  \t\nq2\tQ0  b   2 -1e-3 y\r\n");
  std::vector<std::string> read;
  for_each_answer(file, [&](const AnswerLine& line) {
    read.push_back(std::string(line.query) + " " + std::string(line.item) + " " + std::string(line.tag));
    CHECK(line.score == (read.size() == 1 ? 0.5f : -1e-3f));
  });
  CHECK(read == std::vector<std::string>{"q1 a x", "q2 b y"});
  const auto qrels = folder.write("qrels.trec", "q1 0 a 2\nq1 0 b 0\n");
  std::vector<long> grades;
  for_each_judgement(qrels, [&](const JudgementLine& line) { grades.push_back(line.grade); });
  CHECK(grades == std::vector<long>{2, 0});
}

TEST_CASE("a byte order mark does not belong to the first query") {
  const Scratch folder;
  const auto file = folder.write("qrels.trec", "\xEF\xBB\xBFq1 0 a 1\n");
  for_each_judgement(file, [](const JudgementLine& line) { CHECK(line.query == "q1"); });
}

TEST_CASE("a damaged line is named with its form") {
  const Scratch folder;
  const auto answers = [&](const char* text) {
    const auto file = folder.write("run.trec", text);
    const auto message = error_of(ErrorCode::input, [&] { for_each_answer(file, [](const AnswerLine&) {}); });
    CHECK(message.starts_with(file.string() + ":"));
    CHECK(message.ends_with("; a line is: query Q0 item rank score tag"));
    return message.substr(file.string().size());
  };
  CHECK(answers("q1 Q0 a 1 0.5\n").starts_with(":1: not 6 words;"));
  CHECK(answers("q1 Q0 a 1 0.5 x\n\nq1 Q0 b 2 0.4 x y\n").starts_with(":3: not 6 words;"));
  CHECK(answers("q1 Q0 a 1 best x\n").starts_with(":1: \"best\" is not a number;"));
  CHECK(answers("q1 Q0 a 1 nan x\n").starts_with(":1: \"nan\" is not a number;"));
  const auto qrels = folder.write("qrels.trec", "q1 0 a yes\n");
  CHECK(error_of(ErrorCode::input, [&] {
          for_each_judgement(qrels, [](const JudgementLine&) {});
        }).ends_with("/qrels.trec:1: \"yes\" is not a whole number; a line is: query 0 item grade"));
}

TEST_CASE("written scores fall strictly and are read back exactly") {
  const Scratch folder;
  const auto query = test::query("q 1", "tea", {{"a", "tea", 0.1f}, {"b", "tea", 0.1f}, {"c", "tea", -0.3f}}, 3);
  const auto file = folder.write("run.trec", answer_lines(query, "model b"));
  std::vector<float> scores;
  for_each_answer(file, [&](const AnswerLine& line) {
    CHECK(unescape_id(line.query) == "q 1");
    CHECK(unescape_id(line.tag) == "model b");
    scores.push_back(line.score);
  });
  CHECK(scores == falling_scores(query.answers));
}
