#include "matcher/report/views.hpp"

#include <fmt/format.h>

#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

std::string how_drawn(const Views& v) {
  const auto draws = fmt::format("{} times at random (seed {})", v.repeats, v.seed);
  if (v.side == Role::gallery) {
    return fmt::format(
        "views: this many gallery photos of each product (all if it has fewer), chosen {}; score of a product: {} of "
        "their scores",
        draws, eval::name_of(v.aggregate));
  }
  return fmt::format(
      "views: this many query photos of one label, as photos of one object (all if there are fewer), chosen {}; score "
      "of a product: best of its gallery photos, then {} over the set",
      draws, eval::name_of(v.aggregate));
}

std::vector<std::string> caption(const Views& v) {
  const auto& d = v.dataset;
  std::vector<std::string> lines{
      describe_with_device(v.model), describe(d),
      fmt::format("gallery: {} items of {} labels; queries: {}; search: exact", d.gallery, d.labels, d.queries),
      how_drawn(v)};
  if (d.unknown_queries)
    lines.push_back(fmt::format("left out: {} queries whose label no gallery item has", d.unknown_queries));
  return lines;
}

std::vector<std::string> columns(const Views& v, Format format) {
  std::vector<std::string> all{"views", "products", v.side == Role::gallery ? "queries" : "sets"};
  if (format == Format::csv) all.back() = "asked";
  for (const auto& [name, estimate] : v.rows.at(0).metrics) {
    if (format == Format::csv)
      all.insert(all.end(), {name, name + "_low", name + "_high"});
    else
      all.push_back(eval::metric(name).title);
  }
  return all;
}

std::vector<std::string> cells(const ViewsRow& row, Format format) {
  std::vector<std::string> all{std::to_string(row.views), std::to_string(row.products), std::to_string(row.asked)};
  for (const auto& [name, e] : row.metrics) {
    if (format != Format::csv)
      all.push_back(shown_with_interval(name, e));
    else
      for (const double value : {e.value, e.low, e.high}) all.push_back(exact(value));
  }
  return all;
}

}  // namespace

Table table_of(const Views& views, Format format) {
  Table table{caption(views), columns(views, format), {}, {}};
  for (std::size_t i = table.columns.size(); i-- > 4;)
    table.minor.push_back(table.columns[i]);  // the last metric first
  for (const auto& row : views.rows) table.rows.push_back(cells(row, format));
  table.notes.push_back("products: with at least this many photos; [ ]: the range of 95 % of the random choices");
  if (format != Format::csv) add_answer(table, sentence(views), format);
  return table;
}

}  // namespace matcher::report
