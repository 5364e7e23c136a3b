// What compare publishes: plain data, the JSON that other programs read (docs/reference/formats.md), and the table.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/eval/gate.hpp"
#include "matcher/report/table.hpp"

namespace matcher::report {

/// A gallery item that was answered first; empty when there was no answer.
struct Answered {
  std::string id, label;
};

/// A query whose first answer is right in one of two runs alone.
struct Change {
  std::string id, path, label;
  Answered before, after;  ///< of the baseline, of the run
};

/// All of them, in the order of the dataset.
struct Changes {
  std::vector<Change> broken, fixed;
};

struct Row {
  Report report;
  std::vector<std::pair<std::string, eval::Gain>> gains;  ///< over the baseline; empty for the baseline itself
  std::string run{};                                      ///< its folder, as it was named
  Changes changes = {};
};

/// One run held against a margin: did `metric` fall by more than `max_drop`?
struct Check {
  std::string model, run, metric;
  double max_drop = 0;
  eval::DropTest test;
  eval::DropBounds bounds;
  double p_beyond_corrected = 1;  ///< Holm, over all checks of the comparison
  bool unchanged = false;         ///< the same model and index with the same value for every query
  eval::Verdict verdict = eval::Verdict::undecided;
};

struct LabelFall {
  std::string label;
  std::size_t queries = 0;
  eval::DropTest test;
  double p_beyond_corrected = 1;  ///< Holm, over all labels of the check
};

/// An alarm over labels: fails where one is shown to have fallen by more than `max_drop`, and passes otherwise.
struct LabelCheck {
  std::string model, run, metric;
  double max_drop = 0;
  std::size_t labels = 0, within = 0;  ///< tested; shown, each by itself, to be within the margin
  std::vector<LabelFall> fell;         ///< with a drop above 0, surest first
  eval::Verdict verdict = eval::Verdict::pass;

  std::vector<LabelFall> beyond() const;  ///< those the alarm is about
};

struct Gate {
  std::vector<Check> checks;
  std::vector<LabelCheck> label_checks;
  eval::Verdict verdict() const;  ///< the worst of all
};

/// Several runs on the same data: matcher.comparison/1.
struct Comparison {
  std::string baseline;
  std::vector<Row> rows;
  std::string resample = "query";  ///< what is drawn: query or label
  std::optional<Gate> gate = {};
};

std::string to_json(const Comparison& comparison);

Table table_of(const Comparison& comparison, Format format);

/// "top-1 of b fell by 3.1 points [2.6, 3.7], 1.0 are allowed: fail": a sentence a check, in their order.
std::vector<std::string> sentences(const Gate& gate);

/// The model, with its run where another row has the same model.
std::string name_of(const Row& row, const Comparison& comparison);

/// JUnit XML: a case a check; what failed is a failure, what cannot be decided is skipped.
std::string to_junit(const Comparison& comparison);

/// A Markdown page: verdict, table, checks, and the first queries that were broken and fixed.
std::string to_summary(const Comparison& comparison);

}  // namespace matcher::report
