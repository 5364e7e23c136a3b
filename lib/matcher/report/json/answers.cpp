#include "matcher/report/answers.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

json as_json(const Answer& a) { return {{"label", a.label}, {"score", a.score}, {"id", a.id}, {"path", a.path}}; }

json as_json(const std::vector<Answer>& answers) {
  json rows = json::array();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    json row = {{"rank", i + 1}};
    row.update(as_json(answers[i]));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// "match" says whether the threshold lets an answer pass: only if there is one, which counts for images.
json as_json(const QueryAnswers& query, bool has_threshold) {
  json out = {{"query", query.query}, {"kind", query.is_text ? "text" : "image"}};
  if (has_threshold && !query.is_text && query.error.empty()) out["match"] = !query.answers.empty();
  out["answers"] = as_json(query.answers);
  if (query.rejected) {
    out["best_score"] = query.rejected->score;
    out["nearest"] = as_json(*query.rejected);
  }
  if (query.margin) out["margin"] = *query.margin;
  if (!query.error.empty()) out["error"] = query.error;
  return out;
}

}  // namespace

std::string to_json(const Answers& a) {
  json queries = json::array();
  for (const auto& query : a.queries) queries.push_back(as_json(query, a.threshold.has_value()));
  const auto& m = a.model;
  json out = {{"schema", schema::answers},
              {"model", {{"name", m.name}, {"fingerprint", m.fingerprint}, {"dimension", m.dimension}}},
              {"index", {{"type", a.index_type}, {"count", a.items}}},
              {"threshold", a.threshold ? json(*a.threshold) : json()}};
  if (a.threshold) {
    out["threshold_score"] = to_string(a.threshold_score);
    out["threshold_from"] = a.threshold_from;
  }
  out["queries"] = std::move(queries);
  return to_text(out);
}

std::string to_json_line(const QueryAnswers& query, const Answers& about) {
  const auto line = query.error.empty() ? as_json(query, about.threshold.has_value())
                                        : json{{"query", query.query}, {"error", query.error}};
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace matcher::report
