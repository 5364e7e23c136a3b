// Evaluates a model on a dataset: embeds, searches, measures, and stores the run.
#pragma once

#include <optional>

#include "matcher/eval/resample.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/dataset_request.hpp"
#include "matcher/run/limits.hpp"
#include "matcher/run/run.hpp"

namespace matcher::pipeline {

/// How answers are measured.
struct MeasureSettings {
  std::vector<std::string> metrics{"top1", "top5", "top10", "mrr", "map"};  ///< names of eval/metrics.hpp
  eval::Resample resample = eval::Resample::query;                          ///< unit of the intervals
  std::optional<double> near_duplicate;  ///< cosine of near-duplicates; none: 0.98, or that of the stored run
};

/// How a model is evaluated, whichever it is.
struct EvalSettings {
  MeasureSettings measure;
  std::size_t depth = 100;  ///< answers kept per query
  bool split_loss = true;   ///< search exactly beside an approximate index, to measure what it loses
  bool by_text = false;     ///< the queries are texts, not images
  bool speed = false;       ///< measure the speed in a trial of its own
  ExecutionOptions execution;
  std::vector<std::string> slices{};  ///< columns that queries must have, checked before anything is embedded
};

struct EvalOptions {
  std::string model;  ///< used, as is `dataset`, if there are no embedding sets
  DatasetRequest dataset{};
  std::vector<std::filesystem::path> embeddings{};  ///< embedding sets of gallery and queries, joined
  std::filesystem::path index{};                    ///< a folder or the address of a database; empty: exact search
  std::filesystem::path output{};                   ///< folder of the run; empty: named after dataset and model
  std::vector<run::MetricLimit> fail_below{};
  EvalSettings settings;
};

struct EvalResult {
  run::Run run;                            ///< with its folder
  std::vector<std::string> failed_limits;  ///< one sentence per metric below its limit
};

/// Throws Error(usage) for settings that contradict each other, Error(input) for a side without items or right answers,
/// Error(mismatch) if another model built the index.
EvalResult evaluate(const Context& context, const EvalOptions& options);

/// Measures a stored run again; writes nothing. `folder` is a run of matcher, or has run.trec and qrels.trec of any
/// system. Throws Error(usage) if the run lacks the labels or cosines that the settings need.
EvalResult evaluate_stored(const Context& context, const std::filesystem::path& folder, const MeasureSettings& settings,
                           const std::vector<run::MetricLimit>& fail_below);

}  // namespace matcher::pipeline
