#include "matcher/report/views.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/report/json/parts.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

using report::of;  // beside those below

constexpr const char* views_schema = "matcher.views/1";

json of(const ViewsRow& row) {
  return {{"views", row.views}, {"products", row.products}, {"asked", row.asked}, {"metrics", of(row.metrics)}};
}

std::string how_drawn(const Views& v) {
  const auto draws = fmt::format("{} times at random (seed {})", v.repeats, v.seed);
  if (v.side == "gallery") {
    return fmt::format(
        "each product is shown by so many of its gallery photos, drawn {}, or by all where it has fewer; "
        "its score: {} of theirs",
        draws, v.aggregate);
  }
  return fmt::format(
      "query photos of one label count as photos of one object and are put together {} in sets of so "
      "many, or all where there are fewer; score of a product: best of its gallery photos, then {} over "
      "the set",
      draws, v.aggregate);
}

std::vector<std::string> caption(const Views& v) {
  const auto& d = v.dataset;
  std::vector<std::string> lines{
      fmt::format("{} ({}-d, {}, {}, {})", v.model.name, v.model.dimension, v.model.precision, v.model.device,
                  short_fingerprint(v.model.fingerprint)),
      fmt::format("{}: {}", d.name, d.protocol.empty() ? "no protocol named" : d.protocol),
      fmt::format("gallery: {} items of {} labels; queries: {}; search: exact", d.gallery, d.labels, d.queries),
      how_drawn(v)};
  if (d.unknown_queries)
    lines.push_back(fmt::format("left out: {} queries whose label no gallery item has", d.unknown_queries));
  return lines;
}

std::vector<std::string> columns(const Views& v, Format format) {
  std::vector<std::string> all{"views", "products", v.side == "gallery" ? "queries" : "sets"};
  if (format == Format::csv) all.back() = "asked";
  for (const auto& [name, estimate] : v.rows.at(0).metrics) {
    if (format == Format::csv)
      all.insert(all.end(), {name, name + "_low", name + "_high"});
    else
      all.push_back(title(name));
  }
  return all;
}

std::vector<std::string> cells(const ViewsRow& row, Format format) {
  std::vector<std::string> all{std::to_string(row.views), std::to_string(row.products), std::to_string(row.asked)};
  for (const auto& [name, e] : row.metrics) {
    if (format != Format::csv)
      all.push_back(shown_with_interval(name, e));
    else
      for (const double value : {e.value, e.low, e.high}) all.push_back(fmt::format("{:.6f}", value));
  }
  return all;
}

}  // namespace

std::string to_json(const Views& v) {
  json rows = json::array();
  for (const auto& row : v.rows) rows.push_back(of(row));
  const json out = {{"schema", views_schema},   {"model", of(v.model)}, {"dataset", of(v.dataset)}, {"side", v.side},
                    {"aggregate", v.aggregate}, {"repeats", v.repeats}, {"seed", v.seed},           {"rows", rows}};
  return out.dump(2) + '\n';
}

Views parse_views(const std::string& text, const std::string& origin) {
  try {
    const auto j = json::parse(text);
    if (j.at("schema") != views_schema) {
      throw Error(ErrorCode::input,
                  fmt::format("{} has the schema {}, not {}", origin, j.at("schema").dump(), views_schema));
    }
    Views views{model_of(j.at("model")),
                data_of(j.at("dataset")),
                j.at("side"),
                j.at("aggregate"),
                j.at("repeats"),
                j.at("seed"),
                {}};
    for (const auto& row : j.at("rows"))
      views.rows.push_back({row.at("views"), row.at("products"), row.at("asked"), metrics_of(row.at("metrics"))});
    return views;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input,
                fmt::format("{} is no curve of views ({}); make one with: matcher views --model M --dataset D --format "
                            "json --write-to {}",
                            origin, error.what(), origin));
  }
}

Table table_of(const Views& views, Format format) {
  Table table{caption(views), columns(views, format), {}, {}};
  for (const auto& row : views.rows) table.rows.push_back(cells(row, format));
  table.notes.push_back("products: with at least so many photos; [ ]: where 95 % of the random choices lie");
  return table;
}

}  // namespace matcher::report
