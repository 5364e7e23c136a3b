// A run: the ranked answers of one model to all queries of a dataset, and its folder (docs/reference/formats.md).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "matcher/report/report.hpp"
#include "matcher/run/outcomes.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::run {

struct RankedAnswer {
  std::string id, label;
  float score = 0;
};

struct RankedQuery {
  std::string id, label, path, text;
  bool known = false;        ///< some gallery item has its label
  std::size_t relevant = 0;  ///< gallery items with its label, itself left out
  std::vector<std::string> relevant_ids;
  std::vector<RankedAnswer> answers;  ///< best first, the query itself left out
  std::string category;
  std::string answer_path{};             ///< of the first answer's photo
  std::string right_id{}, right_path{};  ///< when that is wrong: the best right answer kept, else any right item
  std::string
      copy{};  ///< a gallery item with the same bytes and another id, left out of the answers as the query itself
};

struct Run {
  report::Report report;
  std::vector<RankedQuery> queries;
  std::map<std::string, std::string> label_names;  ///< label -> name for people
};

/// report.json, queries.jsonl, run.trec, qrels.trec, manifest.json: complete or absent.
void write_run(const std::filesystem::path& folder, const Run& run);

struct StoredQuery {
  std::string id, label, path;
  std::string first_id, first_label;  ///< of the first answer; empty without one
  bool right() const { return !first_id.empty() && first_label == label; }
};

/// The values of each metric by query, and the first answers, as stored: what comparisons are made of.
struct StoredRun {
  std::filesystem::path folder;
  report::Report report;
  std::vector<StoredQuery> queries;                ///< the known ones, in the order of the dataset
  std::vector<std::vector<double>> metric_values;  ///< [metric of the report][query]
};

/// Throws Error(input) for a folder that holds no complete run, and for a damaged line of it, with its number.
StoredRun read_run(const std::filesystem::path& folder);

/// What a stored run is evaluated from again. Its report lacks what is computed of the outcomes.
struct StoredAnswers {
  report::Report report;
  Outcomes outcomes;
  std::map<std::string, std::string> label_names;
};

/// Of a run that matcher wrote, or of a folder with run.trec and qrels.trec. Throws Error(input) with file:line.
StoredAnswers read_answers(const std::filesystem::path& folder);

}  // namespace matcher::run
