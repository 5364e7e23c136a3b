// Every number and colour of a page agrees with the JSON of the same runs.
#include <fmt/format.h>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using cli::between;
using nlohmann::json;

namespace {

struct Cell {
  std::string style, value, html;
};
using Row = std::vector<Cell>;

Cell parse_cell(const std::string& text) {
  const auto tag = text.substr(0, text.find('>'));
  return {between(tag, "class=\"", "\""), between(tag, "data-value=\"", "\""), text.substr(tag.size() + 1)};
}

/// The parts of `text` from `start` to `end`, without both.
std::vector<std::string> parts(const std::string& text, const std::string& start, const std::string& end) {
  std::vector<std::string> found;
  for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
    const auto from = at + start.size();
    found.push_back(text.substr(from, text.find(end, from) - from));
  }
  return found;
}

/// The rows of a table by their names.
std::map<std::string, Row> rows_of(const std::string& page, const std::string& id) {
  std::map<std::string, Row> rows;
  for (const auto& row : parts(between(page, "<table id=\"" + id + "\"", "</table>"), "<tr>", "</tr>")) {
    if (row.starts_with("<th scope=\"col\"")) continue;
    Row cells{parse_cell(between(row, "<th", "</th>"))};
    for (const auto& cell : parts(row, "<td", "</td>")) cells.push_back(parse_cell(cell));
    rows[cells[0].value] = cells;
  }
  return rows;
}

double number(const Cell& cell) { return std::strtod(cell.value.c_str(), nullptr); }

void check(const Cell& cell, const json& value) {
  INFO(cell.html);
  CHECK(number(cell) == Approx(value.get<double>()));
}

/// The length of a bar is its value in percent of the range that its column names, or of 0 to 1.
void check_bar(const Cell& cell) {
  const auto width = between(cell.html, "<i style=\"width:", "%");
  const auto low = between(cell.html, ", bars from ", " %"), high = between(cell.html, " % to ", " %</span>");
  const double start = std::strtod(low.c_str(), nullptr) / 100;
  const double end = high.empty() ? 1 : std::strtod(high.c_str(), nullptr) / 100;
  CHECK(std::strtod(width.c_str(), nullptr) == Approx(100 * (number(cell) - start) / (end - start)).margin(0.051));
}

std::string colour_of(const json& gain) {
  if (!gain["shown"] || gain["value"] == 0) return "number";
  return gain["value"] > 0 ? "number up" : "number down";
}

void check_models(const std::string& page, const json& comparison) {
  const auto models = rows_of(page, "comparison"), metrics = rows_of(page, "metrics");
  REQUIRE(models.size() == comparison["rows"].size());
  for (const auto& row : comparison["rows"]) {
    const auto name = row["model"]["name"].get<std::string>();
    INFO(name);
    const auto& cells = models.at(name);
    check(cells[1], row["metrics"]["top1"]["value"]);
    check_bar(cells[1]);
    CHECK(cells[2].style == (row["gain"].empty() ? "number" : colour_of(row["gain"]["top1"])));
    if (!row["gain"].empty()) check(cells[2], row["gain"]["top1"]["value"]);
    check(cells[3], row["model"]["size_bytes"]);
    check(cells[4], row["model"]["dimension"]);
    std::size_t column = 1;
    for (const auto& metric : {"top1", "top5", "top10", "mrr", "map"})
      check(metrics.at(name).at(column++), row["metrics"][metric]["value"]);
  }
}

void check_verdict(const std::string& page, const json& verdict) {
  const auto found = fmt::format("{:.0f}", 24 * verdict["best"]["value"].get<double>());
  CHECK_THAT(page, ContainsSubstring("<h1>" + verdict["best"]["model"].get<std::string>() +
                                     " finds the correct product first for " + found + " of 24 photos</h1>"));
  const auto items = parts(between(page, "<ul class=\"verdict\">", "</ul>"), "<li class=\"", "</li>");
  std::size_t at = 0;
  for (const auto& other : verdict["not_shown_to_differ"])
    CHECK(items.at(at++).starts_with("same\">not shown to differ from " + other["model"].get<std::string>()));
  for (const auto& other : verdict["worse"])
    CHECK(items.at(at++).starts_with("up\">better than " + other["model"].get<std::string>()));
  CHECK(items.size() == at);
}

/// `reports` are those of the compared runs, in their order.
void check_products(const std::string& page, const std::vector<json>& reports) {
  const auto products = rows_of(page, "products-table");
  for (std::size_t i = 0; i < reports.size(); ++i) {
    REQUIRE(products.size() == reports[i]["labels"].size());
    for (const auto& label : reports[i]["labels"]) {
      const auto& cells = products.at(label["name"]);
      check(cells[1], label["queries"]);
      check(cells[2 + i], label["metrics"]["top1"]["value"]);
      check_bar(cells[2 + i]);
    }
  }
  for (const auto& [name, cells] : products)
    CHECK(std::abs(number(cells[4])) == Approx(std::abs(number(cells[2]) - number(cells[3]))));
}

}  // namespace

TEST_CASE("every number and colour of a page agrees with the JSON") {
  const cli::Folder work;
  const auto compare = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--workdir", work.str("w"), "compare"});
    const auto result = cli::run(arguments);
    INFO(result.err);
    REQUIRE(result.code == 0);
    return result.out;
  };
  const auto evaluated =
      json::parse(compare({"--models", "colour-layout,gradient-layout", "--dataset", cli::demo(), "--format", "json"}));
  const std::string first = evaluated["rows"][0]["run"], second = evaluated["rows"][1]["run"];
  const auto page = compare({first, second, "--format", "html"});
  const auto comparison = json::parse(compare({first, second, "--format", "json"}));
  check_models(page, comparison);
  check_verdict(page, comparison["verdict"]);
  check_products(page, {json::parse(cli::text_of(cli::fs::path(first) / "report.json")),
                        json::parse(cli::text_of(cli::fs::path(second) / "report.json"))});
}
