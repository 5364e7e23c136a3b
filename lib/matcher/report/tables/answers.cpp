#include "matcher/report/answers.hpp"

#include <fmt/format.h>

#include "matcher/report/tables.hpp"

namespace matcher::report {

Table table_of(const Answers& answers, Format) {
  Table table{{}, {"query", "rank", "label", "score", "id", "path"}, {}, {}};
  for (const auto& query : answers.queries) {
    if (query.rejected)
      table.rows.push_back({query.query, "", "no match", fmt::format("{:.4f}", *query.rejected), "", ""});
    for (std::size_t i = 0; i < query.answers.size(); ++i) {
      const auto& [id, label, path, score] = query.answers[i];
      table.rows.push_back({query.query, fmt::format("{}", i + 1), label, fmt::format("{:.4f}", score), id, path});
    }
  }
  return table;
}

}  // namespace matcher::report
