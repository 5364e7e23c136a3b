// Reads and writes run folders (docs/reference/formats.md).
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "matcher/run/run.hpp"

namespace matcher::run {

/// How much is read of each query.
enum class Answers {
  first,  ///< the first answer and the wanted columns; no texts, and no photos of answers
  shown,  ///< the answers of queries.jsonl, at most `answers_shown`
  all     ///< all answers to known queries, with relevant_ids; an answer has no label if the run does not contain it
};

/// A folder with report.json, queries.jsonl, run.trec, qrels.trec and manifest.json. Folders of other systems have
/// run.trec and qrels.trec only: no labels, photos or metrics.
class RunFolder {
 public:
  /// Opens a run of matcher or of another system. Throws Error(input) for any other folder.
  static RunFolder open(std::filesystem::path folder);

  /// Opens a run of matcher. Throws Error(input) for any other folder.
  static RunFolder open_own(std::filesystem::path folder);

  /// True if a folder holds the queries of a run of matcher, complete or not.
  static bool has_queries(const std::filesystem::path& folder);

  /// True for a run of another system: run.trec and qrels.trec, and no run of matcher.
  static bool is_foreign(const std::filesystem::path& folder);

  /// Throws Error(usage) if write() would replace something other than a run.
  static void check_replaceable(const std::filesystem::path& folder);

  /// Writes a run: afterwards the folder is complete, or as it was.
  static void write(const std::filesystem::path& folder, const Run& run);

  /// Copies a run of matcher, byte by byte: afterwards `to` is complete, or as it was. A copy onto itself changes
  /// nothing. Throws Error(input) if `from` is missing or damaged.
  static void copy(const std::filesystem::path& from, const std::filesystem::path& to);

  /// `columns`: those of the queries that Answers::first reads, too; the others read all. Throws Error(input), with
  /// file and line for a damaged line. Also checks the hashes of files that it does not read, if they exist.
  Run read(Answers answers, const std::vector<std::string>& columns = {}) const;

  /// Calls `use` with every query, in order, as read(Answers::shown) reads it, but one at a time. Throws as read().
  void for_each_query(const std::function<void(RankedQuery&)>& use) const;

 private:
  RunFolder(std::filesystem::path folder, bool own) : folder_(std::move(folder)), own_(own) {}

  std::filesystem::path folder_;
  bool own_;  ///< written by matcher
};

}  // namespace matcher::run
