// Small runs for tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "matcher/run/measure.hpp"

namespace matcher::run::test {

/// A query with one relevant item, unless another number is given. Its answers are right by their labels.
inline RankedQuery query(const std::string& id, const std::string& label, std::vector<RankedAnswer> answers,
                         std::size_t relevant = 1) {
  RankedQuery made;
  made.id = id;
  made.label = label;
  made.relevant = relevant;
  made.answers = std::move(answers);
  find_right_answers(made);
  return made;
}

inline std::vector<eval::Metric> metrics(const std::vector<std::string>& names) { return eval::metrics(names); }

/// A measured run (top1, mrr) of a dataset named "shelf".
inline Run make_run(std::vector<RankedQuery> queries, const std::string& model = "a") {
  Run run;
  run.report.model = {.name = model, .fingerprint = "print of " + model, .precision = "fp32", .device = "cpu"};
  run.report.dataset.name = "shelf";
  run.report.dataset.fingerprint = "data";
  run.report.dataset.queries = queries.size();
  run.report.depth = 20;
  run.report.speed = {10, 1, 2};
  run.queries = std::move(queries);
  run.folder = "runs/" + model;
  measure(run, metrics({"top1", "mrr"}));
  return run;
}

/// A run of `right` rightly and `wrong` wrongly answered queries, "q0" and so on, of label "tea".
inline Run counted_run(std::size_t right, std::size_t wrong, const std::string& model = "a") {
  std::vector<RankedQuery> queries;
  for (std::size_t i = 0; i < right + wrong; ++i) {
    const std::string first = i < right ? "tea" : "milk";
    queries.push_back(query("q" + std::to_string(i), "tea", {{first + "/1", first, 0.9f}}));
  }
  return make_run(std::move(queries), model);
}

}  // namespace matcher::run::test
