// gallery and query embeddings -> search -> run -> report
#pragma once

#include "matcher/pipeline/index.hpp"
#include "matcher/pipeline/run.hpp"
#include "matcher/report/report.hpp"

namespace matcher::pipeline {

struct Gate {
  std::string metric;
  double minimum = 0;
};

/// "top1=0.80" (or several, joined by commas). Throws Error(usage).
std::vector<Gate> parse_gates(const std::string& text);

struct EvalOptions {
  std::string model, dataset;
  std::filesystem::path index;   ///< empty: exact search over the dataset's gallery
  std::filesystem::path output;  ///< empty: in the work folder, named by dataset and model
  std::vector<Gate> fail_below;
  std::vector<std::size_t> ks{1, 5, 10};
  std::size_t depth = 100;       ///< answers kept for each query
  bool by_text = false;          ///< look up the texts of the queries and not their pictures
  RunOptions run;
};

struct EvalResult {
  std::filesystem::path folder;
  report::Report report;
  std::vector<std::string> failed_gates;  ///< a sentence each
};

EvalResult evaluate(const Context& context, const EvalOptions& options);

}  // namespace matcher::pipeline
