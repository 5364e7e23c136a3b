// The checks of a gate on the runs of a comparison, and their verdicts: plain data (docs/reference/formats.md).
#pragma once

#include <string>
#include <vector>

#include "matcher/eval/gate.hpp"
#include "matcher/report/speed.hpp"

namespace matcher::report {

/// The test of one run against a limit: did `metric` fall by more than `max_drop`?
struct Check {
  std::string model, run, metric;
  double max_drop = 0;
  eval::DropTest test;
  eval::DropBounds bounds;
  double p_beyond_corrected = 1;  ///< Holm, over all checks of the comparison
  bool unchanged = false;         ///< same model, same index, and the same value for every query
  eval::Verdict verdict = eval::Verdict::undecided;
};

/// A label whose metric fell.
struct LabelFall {
  std::string label;
  std::size_t queries = 0;
  eval::DropTest test;
  double p_beyond_corrected = 1;  ///< Holm, over all labels of the check
  std::string name{};             ///< the label for people
};

/// The test of every label: fails if one is shown to have fallen by more than `max_drop`, and passes otherwise.
struct LabelCheck {
  std::string model, run, metric;
  double max_drop = 0;
  std::size_t labels = 0;       ///< tested labels
  std::size_t within = 0;       ///< labels that are shown, each by itself, to be within the limit
  std::vector<LabelFall> fell;  ///< labels with a drop above 0, surest first
  eval::Verdict verdict = eval::Verdict::pass;

  std::vector<LabelFall> beyond() const;  ///< the labels of `fell` that are shown to be beyond the limit
};

/// The queries with one value of a column, such as the category "Juice".
struct Slice {
  std::string value;
  std::string name{};  ///< the value for people
  std::size_t queries = 0;
  eval::DropTest test{};
  eval::DropBounds bounds{};
  double p_beyond_corrected = 1;  ///< Holm, over all slices of the comparison
  bool unchanged = false;         ///< as in Check
  bool too_few = false;           ///< cannot pass, whatever is measured: undecided, and no part of the check's verdict
  eval::Verdict verdict = eval::Verdict::undecided;
};

/// The test of every value of a column. The verdict is the worst one of the slices that have enough queries to pass,
/// and of those that failed.
struct SliceCheck {
  std::string model, run, metric;
  double max_drop = 0;
  std::string column;
  std::size_t fewest = 0;     ///< queries with which a slice can pass
  std::vector<Slice> slices;  ///< by value
  eval::Verdict verdict = eval::Verdict::undecided;
  std::size_t without_value = 0;  ///< queries that are in no slice
};

/// The test of a measured speed: did it get worse than the baseline's by more than a share `max_slowdown`?
struct SpeedCheck {
  std::string model, run;
  std::string measure;  ///< SpeedMeasure::name
  double max_slowdown = 0;
  Spread before{}, now{};
  double slowdown = 0, low = 0, high = 0;  ///< compares the medians, and all pairs of repeats; below 0: faster
  std::string doubt{};                     ///< why the speeds cannot be compared; empty: they can
  eval::Verdict verdict = eval::Verdict::undecided;
};

/// The test of a measured speed by itself: is a time at most, or a rate at least, `limit`?
struct SpeedLimitCheck {
  std::string model, run;
  std::string measure;  ///< SpeedMeasure::name
  double limit = 0;     ///< milliseconds, or images per second
  Spread now{};
  std::string doubt{};  ///< why the speed does not count; empty: it does
  eval::Verdict verdict = eval::Verdict::undecided;
};

/// The test of the distribution of the queries' best scores: is it further from the baseline's than `max_drift`?
struct DriftCheck {
  std::string model, run;
  double max_drift = 0;
  std::size_t queries = 0, baseline_queries = 0;  ///< all with an answer, common or not
  double distance = 0;                            ///< Kolmogorov-Smirnov, [0, 1]
  double p = 1, p_corrected = 1;                  ///< corrected (Holm) over the runs
  std::string doubt{};                            ///< why the scores cannot be compared; empty: they can
  eval::Verdict verdict = eval::Verdict::undecided;
};

struct Gate {
  std::vector<Check> checks{};
  std::vector<LabelCheck> label_checks{};
  std::vector<SliceCheck> slice_checks{};
  std::vector<SpeedCheck> speed_checks{};
  std::vector<SpeedLimitCheck> speed_limits{};
  std::vector<DriftCheck> drift_checks{};
  eval::Verdict verdict() const;  ///< the worst of all checks
};

enum class CheckKind { drop, slowdown, speed, drift };
const char* name_of(CheckKind kind);

/// A verdict as people and CI systems read it.
struct GateLine {
  std::string model, run;
  std::string name;      ///< "top1 falls by at most 0.01": the same every night
  std::string sentence;  ///< "FAIL top-1 of b (run-b): down 3.1 points (95 %: 2.0 to 4.2 down), limit 1.0"
  eval::Verdict verdict = eval::Verdict::undecided;
  CheckKind kind = CheckKind::drop;
};

/// Slices as one line per check, or each as a line of its own.
enum class Slices { together, each };

/// A line per check, in their order. Each end of a range is 95 % sure by itself.
std::vector<GateLine> lines(const Gate& gate, Slices slices = Slices::together);

/// The sentences of lines().
std::vector<std::string> sentences(const Gate& gate);

}  // namespace matcher::report
