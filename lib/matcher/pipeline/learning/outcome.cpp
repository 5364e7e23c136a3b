#include "matcher/pipeline/learning/outcome.hpp"

#include <string_view>

#include "matcher/pipeline/search/answer.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {
namespace {

VectorSet copy_of(const Side& side) {
  VectorSet set{Matrix(), {side.items.begin(), side.items.end()}, 0, {}};
  set.unit.rows = side.unit.rows;
  set.unit.cols = side.unit.cols;
  set.unit.data.assign(side.unit.data, side.unit.data + side.unit.rows * side.unit.cols);
  return set;
}

}  // namespace

Outcome& Outcome::operator+=(const Outcome& other) {
  if (other.queries() == 0) return *this;
  values.resize(other.values.size());
  for (std::size_t m = 0; m < values.size(); ++m)
    values[m].insert(values[m].end(), other.values[m].begin(), other.values[m].end());
  labels.insert(labels.end(), other.labels.begin(), other.labels.end());
  return *this;
}

Outcome measure(const Side& gallery, const Side& queries, std::span<const eval::Metric> metrics) {
  Outcome outcome{run::Values(metrics.size()), {}};
  if (gallery.items.empty() || queries.items.empty()) return outcome;
  const auto ids = ids_of(gallery.items);
  const auto index = index::exact_search(gallery.unit, ids);
  const auto answers = answer_all({gallery.items, index.get()}, copy_of(queries), learning_depth);
  const auto known = run::known_queries(answers.queries);
  outcome.values = run::values_of(known, metrics);
  for (const auto* query : known) outcome.labels.push_back(query->label);
  return outcome;
}

std::vector<std::uint32_t> product_groups(const Outcome& outcome) {
  const std::vector<std::string_view> labels(outcome.labels.begin(), outcome.labels.end());
  return eval::groups_by(labels);
}

std::vector<eval::Gain> gains_over(const Outcome& outcome, const Outcome& baseline) {
  return eval::paired_gains(outcome.values, baseline.values, product_groups(outcome));
}

}  // namespace matcher::pipeline
