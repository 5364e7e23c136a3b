#include "matcher/run/run_folder.hpp"

#include <fmt/format.h>

#include <span>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/copy.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/read_unchanged.hpp"
#include "matcher/report/json.hpp"
#include "matcher/run/folder/hashed_lines.hpp"
#include "matcher/run/folder/manifest.hpp"
#include "matcher/run/folder/queries_jsonl.hpp"
#include "matcher/run/folder/trec.hpp"
#include "matcher/run/folder/trec_run.hpp"

namespace matcher::run {
namespace {

constexpr const char *report_file = "report.json", *queries_file = "queries.jsonl", *manifest_file = "manifest.json",
                     *run_file = "run.trec", *qrels_file = "qrels.trec";

/// Writes the files by lines and returns their hashes.
Hashes write_queries(const fs::path& folder, const Run& run) {
  LineWriter lines(folder / queries_file), answers(folder / run_file), judgements(folder / qrels_file);
  const QueryWriter writer(run.report.metrics);
  for (const auto& query : run.queries) {
    lines.write(writer.line(query));
    if (!query.known()) continue;
    answers.write(answer_lines(query, run.report.model.name));
    judgements.write(judgement_lines(query));
  }
  return {{queries_file, lines.finish()}, {run_file, answers.finish()}, {qrels_file, judgements.finish()}};
}

/// Adds what queries.jsonl leaves out: all answers to known queries, and the ids of the relevant items.
class AllAnswers {
 public:
  explicit AllAnswers(std::vector<RankedQuery>& queries) : queries_(queries) {
    for (std::size_t i = 0; i < queries.size(); ++i) {
      auto& query = queries[i];
      rows_[query.id] = i;
      for (const auto& answer : query.answers) labels_[answer.id] = answer.label;
      if (query.known()) query.answers.clear();
    }
  }

  void add(const JudgementLine& line) {
    auto& its = query(line.query);
    its.relevant_ids.push_back(unescape_id(line.item));
    labels_[its.relevant_ids.back()] = its.label;
  }

  void add(const AnswerLine& line) {
    auto id = unescape_id(line.item);
    const auto label = labels_.find(id);
    query(line.query).answers.push_back({std::move(id), label == labels_.end() ? "" : label->second, line.score});
  }

 private:
  RankedQuery& query(std::string_view word) {
    if (const auto found = rows_.find(unescape_id(word)); found != rows_.end()) return queries_[found->second];
    throw std::out_of_range(fmt::format("queries.jsonl has no query \"{}\"", word));
  }

  std::vector<RankedQuery>& queries_;
  std::unordered_map<std::string, std::size_t> rows_;
  std::unordered_map<std::string, std::string> labels_;
};

std::string hash_of(const std::string& text) { return content_hash(std::as_bytes(std::span(text))); }

report::Report read_report(const fs::path& folder, const Manifest& manifest) {
  const auto file = folder / report_file;
  const auto text = read_text(file);
  check_hash(manifest, file, hash_of(text));
  return report::parse_report(text, file.string());
}

/// Calls `use` with every query. Throws Error(input) if lines are missing, or the file is damaged.
void for_each_own(const fs::path& folder, const Manifest& manifest, const report::Report& report, QueryReader& reader,
                  const std::function<void(RankedQuery&)>& use) {
  const auto file = folder / queries_file;
  std::size_t count = 0;
  check_hash(manifest, file, reader.for_each(file, [&](RankedQuery& query) {
    ++count;
    use(query);
  }));
  if (count == report.dataset.queries) return;
  throw Error(ErrorCode::input, fmt::format("\"{}\" is damaged: it has {} queries, but {} has {}. Evaluate again",
                                            file.string(), count, report_file, report.dataset.queries));
}

void add_all_answers(const fs::path& folder, const Manifest& manifest, std::vector<RankedQuery>& queries) {
  AllAnswers all(queries);
  const auto judgements = folder / qrels_file, answers = folder / run_file;
  check_hash(manifest, judgements, for_each_judgement(judgements, [&](const JudgementLine& line) { all.add(line); }));
  check_hash(manifest, answers, for_each_answer(answers, [&](const AnswerLine& line) { all.add(line); }));
}

/// Checks the files that are not read: the manifest binds the whole folder. They may be missing.
void check_unread(const fs::path& folder, const Manifest& manifest) {
  for (const auto* name : {qrels_file, run_file}) {
    const auto file = folder / name;
    if (manifest.hashes.contains(name) && path_exists(file)) check_hash(manifest, file, file_hash(file));
  }
}

Run read_own(const fs::path& folder, Answers answers, const std::vector<std::string>& columns) {
  auto manifest = read_manifest(folder / manifest_file);
  Run run{read_report(folder, manifest), {}, std::move(manifest.label_names)};
  run.cosines = run.report.near_duplicates.has_value();
  run.made = manifest.made;
  constexpr std::size_t shortest_line = 100;  // bytes
  const auto file = folder / queries_file;
  std::error_code missing;
  const auto size = fs::file_size(file, missing);
  const auto most = missing ? 0 : size / shortest_line;
  run.queries.reserve(std::min(run.report.dataset.queries, most));
  QueryReader reader(answers == Answers::first ? Fields::first_answer : Fields::all, run.report.depth, columns);
  for_each_own(folder, manifest, run.report, reader,
               [&](RankedQuery& query) { run.queries.push_back(std::move(query)); });
  run.columns = reader.columns();
  answers == Answers::all ? add_all_answers(folder, manifest, run.queries) : check_unread(folder, manifest);
  return run;
}

bool is_own(const fs::path& folder) { return path_exists(folder / manifest_file) && path_exists(folder / report_file); }

std::string how_to_make(const fs::path& folder) {
  return fmt::format("Make it: matcher eval --model M --dataset D --output {}", folder.string());
}

void check_folder(const fs::path& folder) {
  if (is_folder(folder)) return;
  if (is_file(folder))
    throw Error(ErrorCode::input, fmt::format("\"{}\" is a file. Give the folder of a run", folder.string()));
  throw Error(ErrorCode::input, fmt::format("there is no run at \"{}\": the folder {}. {}", folder.string(),
                                            why_missing(folder), how_to_make(folder)));
}

}  // namespace

bool RunFolder::is_foreign(const fs::path& folder) {
  return !is_own(folder) && path_exists(folder / run_file) && path_exists(folder / qrels_file);
}

RunFolder RunFolder::open(fs::path folder) {
  if (is_own(folder)) return {std::move(folder), true};
  if (is_foreign(folder)) return {std::move(folder), false};
  check_folder(folder);
  throw Error(ErrorCode::input,
              fmt::format("\"{}\" is not a run: it has neither the manifest.json of a run of matcher, nor run.trec and "
                          "qrels.trec; give the folder of a run",
                          folder.string()));
}

RunFolder RunFolder::open_own(fs::path folder) {
  if (is_own(folder)) return {std::move(folder), true};
  check_folder(folder);
  throw Error(ErrorCode::input,
              fmt::format("\"{}\" is not a complete run: {} is missing. {}", folder.string(),
                          path_exists(folder / manifest_file) ? report_file : manifest_file, how_to_make(folder)));
}

bool RunFolder::has_queries(const fs::path& folder) { return path_exists(folder / queries_file); }

void RunFolder::check_replaceable(const fs::path& folder) { check_artefact_place(folder, schema::run); }

void RunFolder::write(const fs::path& folder, const Run& run) {
  check_replaceable(folder);
  AtomicFolder out(folder);
  auto hashes = write_queries(out.path(), run);
  const auto report = report::to_json(run.report);
  hashes[report_file] = hash_of(report);
  write_atomically(out.path() / report_file, report);
  write_atomically(out.path() / manifest_file, manifest_text(run, hashes));
  out.commit();
}

void RunFolder::copy(const fs::path& from, const fs::path& to) {
  std::error_code ignored;
  if (fs::equivalent(from, to, ignored)) return;
  const auto run = open_own(from);
  check_replaceable(to);
  AtomicFolder out(to);
  read_unchanged(from, [&] {
    run.read(Answers::first);  // checks every hash
    for (const auto* name : {report_file, queries_file, run_file, qrels_file, manifest_file}) {
      if (path_exists(from / name)) copy_content(from / name, out.path() / name);
    }
  });
  out.commit();
}

Run RunFolder::read(Answers answers, const std::vector<std::string>& columns) const {
  Run run;
  read_unchanged(folder_, [&] {
    run = own_ ? read_own(folder_, answers, columns) : read_trec_run(folder_ / run_file, folder_ / qrels_file, answers);
  });
  run.folder = folder_;
  return run;
}

void RunFolder::for_each_query(const std::function<void(RankedQuery&)>& use) const {
  if (own_) {
    const auto manifest = read_manifest(folder_ / manifest_file);
    const auto report = read_report(folder_, manifest);
    QueryReader reader(Fields::all, report.depth);
    return for_each_own(folder_, manifest, report, reader, use);
  }
  auto run = read(Answers::shown);
  for (auto& query : run.queries) use(query);
}

}  // namespace matcher::run
