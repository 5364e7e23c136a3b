#include "matcher/report/answers.hpp"

#include <fmt/format.h>

#include "matcher/report/tables.hpp"

namespace matcher::report {

namespace {

/// CSV has every digit.
std::string score_in(Format format, float score) {
  return format == Format::csv ? fmt::format("{}", score) : fmt::format("{:.4f}", score);
}

}  // namespace

Table table_of(const Answers& answers, Format format) {
  Table table{{}, {"query", "rank", "label", "score", "id", "path"}, {}, {}, {"id", "path"}};
  for (const auto& query : answers.queries) {
    if (query.rejected) table.rows.push_back({query.query, "", "no match", score_in(format, *query.rejected), "", ""});
    for (std::size_t i = 0; i < query.answers.size(); ++i) {
      const auto& [id, label, path, score] = query.answers[i];
      table.rows.push_back({query.query, fmt::format("{}", i + 1), label, score_in(format, score), id, path});
    }
  }
  return table;
}

}  // namespace matcher::report
