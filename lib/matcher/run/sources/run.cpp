#include "matcher/run/run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace matcher::run {

const std::string& name_of(const Run& run, const std::string& label) {
  const auto found = run.label_names.find(label);
  return found == run.label_names.end() ? label : found->second;
}

bool is_right(const RankedQuery& query) { return query.known() && !query.right.empty() && query.right.front() == 1; }

void find_right_answers(RankedQuery& query) {
  query.right.clear();
  for (std::size_t i = 0; i < query.answers.size(); ++i) {
    if (query.answers[i].label == query.label) query.right.push_back(i + 1);
  }
}

eval::Ranking ranking_of(const RankedQuery& query) {
  eval::Ranking ranking{{}, query.relevant};
  if (!query.right.empty()) ranking.relevant.resize(query.right.back());
  for (const auto rank : query.right) ranking.relevant[rank - 1] = 1;
  return ranking;
}

const std::string& value_of(const RankedQuery& query, const std::string& column) {
  static const std::string none;
  if (column == "label") return query.label;
  if (column == "category") return query.category;
  const auto& all = query.details->columns;
  const auto found = std::ranges::find_if(all, [&](const ColumnValue& one) { return one.column == column; });
  return found == all.end() ? none : found->value;
}

void keep_first_answers(Run& run, std::span<const std::string> columns) {
  for (auto& query : run.queries) {
    query.answers.resize(std::min<std::size_t>(1, query.answers.size()));
    query.answers.shrink_to_fit();
    query.relevant_ids = {};
    ColumnValues kept;
    for (const auto& value : query.details->columns)
      if (std::ranges::find(columns, value.column.text()) != columns.end()) kept.push_back(value);
    query.details = {};
    if (!kept.empty()) query.details.edit().columns = std::move(kept);
  }
}

std::vector<float> falling_scores(std::span<const RankedAnswer> answers) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> scores;
  for (const auto& answer : answers) {
    const float below = std::nextafter(scores.empty() ? infinity : scores.back(), -infinity);
    scores.push_back(std::min(answer.score, below));
  }
  return scores;
}

}  // namespace matcher::run
