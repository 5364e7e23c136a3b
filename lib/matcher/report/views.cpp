#include "matcher/report/views.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "matcher/core/names.hpp"

namespace matcher::report {
namespace {

using json = nlohmann::ordered_json;

json of(const ViewsRow& row) {
  json metrics = json::object();
  for (const auto& [name, e] : row.metrics) metrics[name] = {{"value", e.value}, {"low", e.low}, {"high", e.high}};
  return {{"views", row.views}, {"products", row.products}, {"asked", row.asked}, {"metrics", metrics}};
}

std::string cell(const std::string& metric, const eval::Estimate& e) {
  if (!metric.starts_with("top")) return fmt::format("{:.4f} [{:.4f}, {:.4f}]", e.value, e.low, e.high);
  return fmt::format("{:.1f} % [{:.1f}, {:.1f}]", 100 * e.value, 100 * e.low, 100 * e.high);
}

std::string title(const std::string& metric) { return metric == "mrr" ? "MRR" : "top-" + metric.substr(3); }

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
      all.push_back(cell(name, e));
    else
      for (const double value : {e.value, e.low, e.high}) all.push_back(fmt::format("{:.6f}", value));
  }
  return all;
}

}  // namespace

std::string to_json(const Views& v) {
  Report report;
  report.model = v.model;
  report.dataset = v.dataset;
  const auto with_model = json::parse(to_json(report));
  json rows = json::array();
  for (const auto& row : v.rows) rows.push_back(of(row));
  const json out = {{"schema", "matcher.views/1"},
                    {"model", with_model.at("model")},
                    {"dataset", with_model.at("dataset")},
                    {"side", v.side},
                    {"aggregate", v.aggregate},
                    {"repeats", v.repeats},
                    {"seed", v.seed},
                    {"rows", rows}};
  return out.dump(2) + '\n';
}

Table table_of(const Views& views, Format format) {
  Table table{caption(views), columns(views, format), {}, {}};
  for (const auto& row : views.rows) table.rows.push_back(cells(row, format));
  table.notes.push_back("products: with at least so many photos; [ ]: where 95 % of the random choices lie");
  return table;
}

}  // namespace matcher::report
