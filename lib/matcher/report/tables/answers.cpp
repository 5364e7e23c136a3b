#include "matcher/report/answers.hpp"

#include <fmt/format.h>

#include "matcher/report/tables.hpp"

namespace matcher::report {

namespace {

/// For people: the id names the item, so its path is left out.
Table table_for_people(const Answers& answers) {
  Table table{{}, {"query", "rank", "label", "score", "id"}, {}, {}, {"id"}};
  for (const auto& query : answers.queries) {
    if (query.rejected)
      table.rows.push_back({query.query, "", fmt::format("no match ({})", describe_rejection(query, answers)), "", ""});
    for (std::size_t i = 0; i < query.answers.size(); ++i) {
      const auto& [id, label, path, score] = query.answers[i];
      table.rows.push_back({query.query, fmt::format("{}", i + 1), label, fmt::format("{:.4f}", score), id});
    }
  }
  return table;
}

/// With every digit of the scores.
Table table_for_programs(const Answers& answers) {
  Table table{{}, {"query", "rank", "label", "score", "id", "path", "nearest", "nearest_score"}, {}, {}};
  for (const auto& query : answers.queries) {
    if (const auto& nearest = query.rejected) {
      const auto score = fmt::format("{}", nearest->score);
      table.rows.push_back({query.query, "", "no match", score, "", "", name_of(*nearest), score});
    }
    for (std::size_t i = 0; i < query.answers.size(); ++i) {
      const auto& [id, label, path, score] = query.answers[i];
      table.rows.push_back({query.query, fmt::format("{}", i + 1), label, fmt::format("{}", score), id, path, "", ""});
    }
  }
  return table;
}

}  // namespace

Table table_of(const Answers& answers, Format format) {
  return format == Format::csv ? table_for_programs(answers) : table_for_people(answers);
}

}  // namespace matcher::report
