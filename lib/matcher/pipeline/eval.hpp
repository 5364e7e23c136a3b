// gallery and query embeddings -> search -> run -> report
#pragma once

#include "matcher/pipeline/index.hpp"
#include "matcher/report/report.hpp"
#include "matcher/run/run.hpp"

namespace matcher::pipeline {

struct Gate {
  std::string metric;
  double minimum = 0;
};

/// "top1=0.80" (or several, joined by commas). Throws Error(usage).
std::vector<Gate> parse_gates(const std::string& text);

struct EvalOptions {
  std::string model, dataset;                     ///< either these two,
  std::vector<std::filesystem::path> embeddings;  ///< or embedding sets of gallery and queries, taken as one
  std::filesystem::path index;   ///< a folder, or a database's address; empty: exact search over the gallery
  std::filesystem::path output;  ///< empty: in the work folder, named by dataset and model
  std::vector<Gate> fail_below;
  std::vector<std::string> metrics{"top1", "top5", "top10", "mrr", "map"};  ///< names as of eval::Measure
  std::size_t depth = 100;                                                  ///< answers kept for each query
  std::string resample = "query";  ///< what is independent of each other: query, or label
  std::optional<double>
      near_duplicate;      ///< the cosine from which on a photo counts as the same; none: 0.98, or the run's
  bool split_loss = true;  ///< search exactly beside an approximate index
  bool by_text = false;    ///< look up the texts of the queries and not their pictures
  ExecutionOptions execution;
};

struct EvalResult {
  std::filesystem::path folder;
  report::Report report;
  std::vector<std::string> failed_gates;  ///< a sentence each
};

EvalResult evaluate(const Context& context, const EvalOptions& options);

/// The report of a stored run, with the metrics and gates of `options`; of the rest nothing is used, and nothing is
/// written. `run` is a run's folder, or one with run.trec and qrels.trec of any system.
EvalResult evaluate_stored(const Context& context, const std::filesystem::path& run, const EvalOptions& options);

}  // namespace matcher::pipeline
