#include "matcher/run/run_folder.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "matcher/files/paths.hpp"
#include "unit/core/scratch.hpp"
#include "unit/run/runs.hpp"

using namespace matcher::run;
using matcher::ErrorCode;
using matcher::test::error_of;
using matcher::test::Scratch;
using test::query;

namespace {

/// Ties, ids with blanks, a known query with more answers than are shown, an unknown query, and every optional field.
Run full_run() {
  std::vector<RankedAnswer> many;
  for (int i = 0; i < 15; ++i) many.push_back({fmt::format("item {}", i), i == 3 || i == 12 ? "tea" : "milk", 0.5f});
  auto wrong = query("query 1", "tea", many, 2);
  wrong.category = "drinks";
  wrong.path = "/photos/1.jpg";
  wrong.details.edit().text = "green tea";
  wrong.details.edit().answer_path = "/photos/0.jpg";
  wrong.details.edit().right_id = "item 3";
  wrong.details.edit().right_path = "/photos/3.jpg";
  wrong.details.edit().copy = "twin";
  wrong.relevant_ids = {"item 3", "item 12"};
  auto right = query("q2", "milk", {{"item 0", "milk", 0.75f}}, 1);
  right.relevant_ids = {"item 0"};
  auto run = test::make_run({wrong, right, query("q3", "soap", many, 0)});
  run.label_names = {{"tea", "Green tea"}};
  measure(run, test::metrics({"top1", "mrr"}));
  run.report.near_duplicates = matcher::report::NearDuplicates{};
  return run;
}

matcher::fs::path write_run(const Scratch& folder, const Run& run = full_run()) {
  RunFolder::write(folder / "run", run);
  return folder / "run";
}

std::vector<std::string> lines_of(const matcher::fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void replace_line(const matcher::fs::path& file, std::size_t number, const std::string& text) {
  auto lines = lines_of(file);
  lines.at(number - 1) = text;
  std::ofstream out(file);
  for (const auto& line : lines) out << line << '\n';
}

std::string damage_of(const matcher::fs::path& run, Answers answers = Answers::first) {
  return error_of(ErrorCode::input, [&] { RunFolder::open(run).read(answers); });
}

/// Makes the manifest that of an older version: without hashes, and without a sum.
void forget_hashes(const matcher::fs::path& run) {
  auto manifest = nlohmann::json::parse(matcher::read_text(run / "manifest.json"));
  for (const char* key : {"files", "sum"}) REQUIRE(manifest.erase(key) == 1);
  std::ofstream(run / "manifest.json") << manifest.dump(2) << '\n';
}

}  // namespace

TEST_CASE("a run survives its folder, as far as answers are shown") {
  const Scratch folder;
  const auto run = full_run();
  const auto read = RunFolder::open(write_run(folder, run)).read(Answers::shown);
  CHECK(read.folder == folder / "run");
  CHECK(read.report.model.fingerprint == "print of a");
  CHECK(read.label_names == run.label_names);
  CHECK(read.cosines);
  REQUIRE(read.queries.size() == 3);
  const auto& query = read.queries[0];
  CHECK(query.id == "query 1");
  CHECK(query.label == "tea");
  CHECK(query.category == "drinks");
  CHECK(query.path == "/photos/1.jpg");
  CHECK(query.details->text == "green tea");
  CHECK(query.relevant == 2);
  CHECK(query.right == std::vector<std::size_t>{4, 13});
  CHECK(query.details->answer_path == "/photos/0.jpg");
  CHECK(query.details->right_id == "item 3");
  CHECK(query.details->right_path == "/photos/3.jpg");
  CHECK(query.details->copy == "twin");
  REQUIRE(query.answers.size() == answers_shown);
  CHECK(query.answers[3].id == "item 3");
  CHECK(query.answers[3].label == "tea");
  CHECK(query.answers[3].score == 0.5f);
  CHECK_FALSE(read.queries[2].known());
}

TEST_CASE("first answers are read without texts and photos of answers") {
  const Scratch folder;
  const auto read = RunFolder::open(write_run(folder)).read(Answers::first);
  const auto& query = read.queries[0];
  REQUIRE(query.answers.size() == 1);
  CHECK(query.answers[0].id == "item 0");
  CHECK(query.right == std::vector<std::size_t>{4, 13});
  CHECK(query.path == "/photos/1.jpg");
  CHECK(query.category == "drinks");
  CHECK(query.details->copy == "twin");
  CHECK(query.details->text.empty());
  CHECK(query.details->answer_path.empty());
  CHECK(query.details->right_id.empty());
}

TEST_CASE("all answers to known queries have falling scores, and the labels that the run contains") {
  const Scratch folder;
  const auto read = RunFolder::open(write_run(folder)).read(Answers::all);
  const auto& query = read.queries[0];
  REQUIRE(query.answers.size() == 15);
  CHECK(query.relevant_ids == std::vector<std::string>{"item 3", "item 12"});
  const auto scores = falling_scores(full_run().queries[0].answers);
  for (std::size_t i = 0; i < scores.size(); ++i) CHECK(query.answers[i].score == scores[i]);
  CHECK(query.answers[12].label == "tea");  // from qrels.trec
  CHECK(query.answers[5].label == "milk");  // from queries.jsonl
  CHECK(query.answers[14].label.empty());   // in neither
  CHECK(read.queries[2].answers.size() == answers_shown);
}

TEST_CASE("metrics of a stored run are those of the run in memory") {
  const Scratch folder;
  const auto run = full_run();
  const auto metrics = test::metrics({"top1", "top5", "mrr", "map", "ndcg", "rprec", "recall10"});
  for (const auto answers : {Answers::first, Answers::shown, Answers::all}) {
    const auto read = RunFolder::open(write_run(folder, run)).read(answers);
    CHECK(measure_each(read, metrics).values == measure_each(run, metrics).values);
  }
}

TEST_CASE("queries are streamed in their order, as they are read") {
  const Scratch folder;
  const auto run = RunFolder::open(write_run(folder));
  std::vector<std::string> ids;
  std::size_t answers = 0;
  run.for_each_query([&](RankedQuery& query) {
    ids.push_back(query.id);
    answers += query.answers.size();
  });
  CHECK(ids == std::vector<std::string>{"query 1", "q2", "q3"});
  CHECK(answers == 21);
}

TEST_CASE("other columns of the queries are kept, and read if they are wanted") {
  const Scratch folder;
  auto run = full_run();
  const matcher::ColumnValues all{{"view", "front"}, {"brand", "Sun \xC3\xA9t\xC3\xA9"}};
  run.queries[0].details.edit().columns = all;
  run.queries[1].details.edit().columns = {{"size", "1 l"}};
  const auto stored = RunFolder::open(write_run(folder, run));
  CHECK(nlohmann::json::parse(lines_of(folder / "run" / "queries.jsonl")[0])["columns"]["view"] == "front");
  const auto first = stored.read(Answers::first, {"brand"}), whole = stored.read(Answers::all);
  CHECK(first.columns == std::set<std::string>{"brand", "size", "view"});
  CHECK(first.queries[0].details->columns == matcher::ColumnValues{all[1]});
  CHECK(first.queries[1].details->columns.empty());
  CHECK(value_of(first.queries[0], "brand") == all[1].value);
  CHECK(value_of(first.queries[0], "view").empty());
  CHECK(value_of(first.queries[0], "category") == "drinks");
  CHECK(whole.queries[0].details->columns == all);
  CHECK(RunFolder::open(write_run(folder)).read(Answers::all).columns.empty());
}

TEST_CASE("a line of queries.jsonl has the documented keys") {
  const Scratch folder;
  const auto lines = lines_of(write_run(folder) / "queries.jsonl");
  REQUIRE(lines.size() == 3);
  const auto wrong = nlohmann::json::parse(lines[0]), right = nlohmann::json::parse(lines[1]),
             unknown = nlohmann::json::parse(lines[2]);
  CHECK(wrong["right"] == std::vector<int>{4, 13});
  CHECK(wrong["metrics"]["mrr"] == 0.25);
  CHECK(wrong["right_item"] == nlohmann::json{{"id", "item 3"}, {"path", "/photos/3.jpg"}});
  CHECK(wrong["answers"].size() == answers_shown);
  CHECK_FALSE(right.contains("right_item"));
  CHECK_FALSE(right.contains("copy"));
  CHECK(unknown["known"] == false);
  CHECK(unknown["metrics"]["mrr"].is_null());
}

TEST_CASE("the files of TREC hold known queries with escaped ids") {
  const Scratch folder;
  const auto run = write_run(folder);
  const auto answers = lines_of(run / "run.trec");
  REQUIRE(answers.size() == 16);
  CHECK(answers[0] == "query%201 Q0 item%200 1 0.5 a");
  CHECK(answers[1] == "query%201 Q0 item%201 2 0.49999997 a");
  CHECK(answers[15] == "q2 Q0 item%200 1 0.75 a");
  CHECK(lines_of(run / "qrels.trec") ==
        std::vector<std::string>{"query%201 0 item%203 1", "query%201 0 item%2012 1", "q2 0 item%200 1"});
}

TEST_CASE("only a run is replaced") {
  const Scratch folder;
  write_run(folder);
  write_run(folder);
  folder.write("photos/1.jpg", "photo");
  CHECK(error_of(ErrorCode::usage, [&] { RunFolder::write(folder / "photos", full_run()); }).find("photos") !=
        std::string::npos);
  CHECK(matcher::read_text(folder / "photos/1.jpg") == "photo");
  CHECK_FALSE(matcher::fs::exists(folder / "run.tmp"));
}

TEST_CASE("other folders are not runs") {
  const Scratch folder;
  CHECK(error_of(ErrorCode::input, [&] { RunFolder::open(folder.path()); }) ==
        "\"" + folder.path().string() +
            "\" is not a run: it has neither the manifest.json of a run of matcher, nor run.trec and qrels.trec; give "
            "the folder of a run");
  folder.write("run.trec");
  folder.write("qrels.trec");
  CHECK_NOTHROW(RunFolder::open(folder.path()));
  CHECK(error_of(ErrorCode::input, [&] {
          RunFolder::open_own(folder.path());
        }).find("is not a complete run: manifest.json is missing. Make it: matcher eval") != std::string::npos);
  const auto missing = folder / "missing";
  for (auto open : {&RunFolder::open, &RunFolder::open_own}) {
    CHECK(error_of(ErrorCode::input, [&] { open(missing); }) ==
          "there is no run at \"" + missing.string() +
              "\": the folder does not exist. Make it: matcher eval --model M "
              "--dataset D --output " +
              missing.string());
    CHECK(error_of(ErrorCode::input, [&] { open(folder / "run.trec"); }) ==
          "\"" + (folder / "run.trec").string() + "\" is a file. Give the folder of a run");
  }
  folder.write("manifest.json", "{}");  // as an index or an embedding set has it
  CHECK(error_of(ErrorCode::input, [&] {
          RunFolder::open_own(folder.path());
        }).find("is not a complete run: report.json is missing. Make it: matcher eval") != std::string::npos);
  CHECK_FALSE(RunFolder::has_queries(folder.path()));
  CHECK(RunFolder::has_queries(write_run(folder)));
}

TEST_CASE("a damaged line of queries.jsonl is named") {
  const Scratch folder;
  const auto run = write_run(folder);
  const auto file = run / "queries.jsonl";
  const auto lines = lines_of(file);
  const auto damage = [&](const std::string& line, const std::string& why) {
    replace_line(file, 2, line);
    const auto message = damage_of(run);
    CHECK(message.starts_with(file.string() + ":2: damaged ("));
    CHECK(message.ends_with("); evaluate again"));
    CHECK(message.find(why) != std::string::npos);
  };
  damage(lines[1].substr(0, 40), "");
  damage("{}", "(id is missing)");
  damage(R"({"id": 7})", "");
  damage(R"({"id": "q", "label": "a", "path": "", "relevant": 1, "right": [0], "answers": []})",
         "(no answer has the rank 0)");
  damage(R"({"id": "q", "label": "a", "path": "", "relevant": 1, "right": [21], "answers": []})",
         "(no answer has the rank 21)");
  damage(R"({"id": "q", "label": "a", "path": "", "relevant": 1, "right": [], "answers": [{"id": "x"}]})",
         "(label is missing)");
}

TEST_CASE("damage of the other files is named too") {
  const Scratch folder;
  const auto run = write_run(folder);
  replace_line(run / "run.trec", 2, "one two");
  CHECK(damage_of(run, Answers::all) ==
        (run / "run.trec").string() + ":2: not 6 words; a line is: query Q0 item rank score tag");
  replace_line(run / "run.trec", 2, "nobody Q0 item 1 0.5 a");
  CHECK(damage_of(run, Answers::all).find(":2: queries.jsonl has no query \"nobody\"") != std::string::npos);
  forget_hashes(run);
  folder.write("run/report.json", "{");
  CHECK(
      damage_of(run).starts_with("\"" + (run / "report.json").string() + "\" is damaged, or not a report of matcher"));
  write_run(folder);
  folder.write("run/manifest.json", "{");
  CHECK(
      damage_of(run).starts_with("\"" + (run / "manifest.json").string() + "\" is damaged: not valid JSON at line 1"));
}

TEST_CASE("every flipped byte of a run is noticed, and its file named") {
  const Scratch folder;
  const auto run = write_run(folder);
  for (const std::string name : {"report.json", "queries.jsonl", "run.trec", "qrels.trec", "manifest.json"}) {
    const auto text = matcher::read_text(run / name);
    for (std::size_t i = 0; i < text.size(); ++i) {
      INFO(name << ", byte " << i);
      auto flipped = text;
      flipped[i] ^= 1;
      folder.write("run/" + name, flipped);
      for (const auto answers : {Answers::first, Answers::shown, Answers::all})
        CHECK(damage_of(run, answers).find((run / name).string()) != std::string::npos);
    }
    folder.write("run/" + name, text);
  }
  CHECK_NOTHROW(RunFolder::open(run).read(Answers::all));
}

TEST_CASE("a run is read without the files of TREC, unless their answers are needed") {
  const Scratch folder;
  const auto run = write_run(folder);
  for (const std::string name : {"run.trec", "qrels.trec"}) REQUIRE(matcher::fs::remove(run / name));
  CHECK_NOTHROW(RunFolder::open(run).read(Answers::first));
  CHECK(damage_of(run, Answers::all).find("qrels.trec") != std::string::npos);
}

TEST_CASE("a flipped digit is reported with the command that makes the run again") {
  const Scratch folder;
  const auto run = write_run(folder);
  const auto file = run / "queries.jsonl";
  auto text = matcher::read_text(file);
  text.at(text.find("0.5")) = '1';
  folder.write("run/queries.jsonl", text);
  const auto message = damage_of(run);
  CHECK(message.starts_with("\"" + file.string() + "\" is damaged: its hash is "));
  CHECK(message.ends_with(". Make the run again: matcher eval --model a --dataset shelf --output " + run.string()));
  CHECK(error_of(ErrorCode::input, [&] { RunFolder::open(run).for_each_query([](RankedQuery&) {}); }) == message);
}

TEST_CASE("a fused run is made again by fuse") {
  const Scratch folder;
  auto fused = full_run();
  fused.report.model.name = "rank(a,b)";
  const auto run = write_run(folder, fused);
  folder.write("run/report.json", "{}");
  CHECK(damage_of(run).ends_with(". Make the run again: matcher fuse RUN RUN --output " + run.string()));
}

TEST_CASE("a run of an older version has no hashes, and is read without this check") {
  const Scratch folder;
  const auto run = write_run(folder);
  forget_hashes(run);
  auto text = matcher::read_text(run / "run.trec");
  text.at(text.find("0.75")) = '1';
  folder.write("run/run.trec", text);
  CHECK(RunFolder::open(run).read(Answers::all).queries.at(1).answers.at(0).score == 1.75f);
}

TEST_CASE("files of two runs are not taken for one") {
  const Scratch folder;
  const auto run = write_run(folder);
  const auto queries = matcher::read_text(run / "queries.jsonl");
  write_run(folder, test::counted_run(3, 0));  // as many queries
  folder.write("run/queries.jsonl", queries);
  CHECK(damage_of(run).find("queries.jsonl\" is damaged: its hash is ") != std::string::npos);
}

TEST_CASE("a copy of a run has the same bytes, and replaces only a run") {
  const Scratch folder;
  const auto run = write_run(folder);
  RunFolder::copy(run, folder / "reference");
  for (const std::string name : {"report.json", "queries.jsonl", "run.trec", "qrels.trec", "manifest.json"})
    CHECK(matcher::read_text(run / name) == matcher::read_text(folder / ("reference/" + name)));
  RunFolder::write(run, test::counted_run(3, 0));
  RunFolder::copy(run, folder / "reference");
  CHECK(RunFolder::open(folder / "reference").read(Answers::first).queries.size() == 3);
  RunFolder::copy(run, run);
  CHECK(RunFolder::open(run).read(Answers::first).queries.size() == 3);
  folder.write("thesis/text.txt", "x");
  CHECK_FALSE(error_of(ErrorCode::usage, [&] { RunFolder::copy(run, folder / "thesis"); }).empty());
  matcher::fs::remove(run / "run.trec");  // not needed
  RunFolder::copy(run, folder / "reference");
  CHECK_FALSE(matcher::path_exists(folder / "reference/run.trec"));
  folder.write("run/queries.jsonl", "");
  CHECK_FALSE(error_of(ErrorCode::input, [&] { RunFolder::copy(run, folder / "reference"); }).empty());
  CHECK(RunFolder::open(folder / "reference").read(Answers::first).queries.size() == 3);
}
