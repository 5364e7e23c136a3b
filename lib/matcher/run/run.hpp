// Holds a run: the ranked answers of one model to all queries of a dataset, with their report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "matcher/core/column_value.hpp"
#include "matcher/core/rare.hpp"
#include "matcher/eval/ranking.hpp"
#include "matcher/files/made.hpp"
#include "matcher/report/report.hpp"

namespace matcher::run {

struct RankedAnswer {
  std::string id, label;
  float score = 0;
};

/// Texts that pages and files show beside the answers; metrics need only `copy`, and slices `columns`.
struct QueryDetails {
  std::string text;
  std::string answer_path;           ///< photo of the first answer
  std::string right_id, right_path;  ///< best right answer, or any right item if none was kept
  std::string copy;                  ///< gallery item with the same bytes and another id; not among the answers
  ColumnValues columns{};            ///< its other columns in the catalogue, such as view and brand
};

struct RankedQuery {
  std::string id, label, category, path;
  std::size_t relevant = 0;        ///< gallery items with its label, the query excluded; 0: unknown label
  std::vector<std::size_t> right;  ///< ranks of the right answers that were kept, from 1, rising; metrics need no more
  std::vector<RankedAnswer> answers;        ///< best first, the query excluded; as many as were read
  Rare<QueryDetails> details{};             ///< empty for most queries that are read for metrics
  std::vector<std::string> relevant_ids{};  ///< ids of the `relevant` items

  bool known() const { return relevant > 0; }
};

struct Run {
  report::Report report;
  std::vector<RankedQuery> queries;
  std::map<std::string, std::string> label_names;  ///< label -> name for people
  bool cosines = true;                             ///< the scores are cosines
  bool foreign = false;                            ///< answers of another system: no labels, no metrics
  std::filesystem::path folder{};                  ///< as the user named it; empty: not stored
  Made made{};                                     ///< when and where it was evaluated
  std::vector<std::string> warnings{};             ///< sentences about doubtful files, from reading them
  std::set<std::string> columns{};                 ///< names in QueryDetails::columns, also those that are not read
};

/// Answers per query that a run folder keeps with their labels; run.trec keeps all answers to known queries.
inline constexpr std::size_t answers_shown = 10;

/// The name of a label for people; the label itself if it has none.
const std::string& name_of(const Run& run, const std::string& label);

/// True if the first answer to a known query has its label.
bool is_right(const RankedQuery& query);

/// Sets `right` from the labels of the answers.
void find_right_answers(RankedQuery& query);

/// The answers up to the last right one: later ones change no metric.
eval::Ranking ranking_of(const RankedQuery& query);

/// The value of a column: label, category, or one of the details. "" if the query has none.
const std::string& value_of(const RankedQuery& query, const std::string& column);

/// Drops all that a comparison does not need: answers after the first, relevant_ids, and details but these columns.
void keep_first_answers(Run& run, std::span<const std::string> columns = {});

/// The scores of the answers, made strictly falling. Programs that read run.trec order by score and break ties in
/// their own ways; with these scores they keep our order.
std::vector<float> falling_scores(std::span<const RankedAnswer> answers);

}  // namespace matcher::run
