#include "matcher/report/views.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

using report::as_json;

json as_json(const ViewsRow& row) {
  return {{"views", row.views}, {"products", row.products}, {"asked", row.asked}, {"metrics", as_json(row.metrics)}};
}

Views read_views(const json& j) {
  Views views{read_model(j.at("model")),
              read_data(j.at("dataset")),
              parse_role(j.at("side").get<std::string>(), "side"),
              eval::parse_aggregate(j.at("aggregate")),
              j.at("repeats"),
              j.at("seed"),
              {}};
  for (const auto& row : j.at("rows"))
    views.rows.push_back({row.at("views"), row.at("products"), row.at("asked"), read_metrics(row.at("metrics"))});
  if (views.rows.empty() || views.rows[0].metrics.empty()) throw Error(ErrorCode::usage, "\"rows\" has no metrics");
  return views;
}

}  // namespace

std::string to_json(const Views& v) {
  json rows = json::array();
  for (const auto& row : v.rows) rows.push_back(as_json(row));
  return to_text({{"schema", schema::views},
                  {"model", as_json(v.model)},
                  {"dataset", as_json(v.dataset)},
                  {"side", to_string(v.side)},
                  {"aggregate", eval::name_of(v.aggregate)},
                  {"repeats", v.repeats},
                  {"seed", v.seed},
                  {"verdict", as_verdict(v.rows.back().metrics.at(0), sentence(v))},
                  {"rows", rows}});
}

Views parse_views(const std::string& text, const std::string& origin) {
  const auto next_step =
      fmt::format("Write it with: matcher views --model M --dataset D --format json --write-to {}", origin);
  return read_document(text, origin, schema::views, "a curve of matcher views", next_step, read_views);
}

}  // namespace matcher::report
