#include "matcher/report/tables/comparison/cost.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/units.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

constexpr const char *vector_size = "bytes/vector", *million = "1 M vectors", *ten_million = "10 M vectors",
                     *parameters = "parameters", *licence = "licence", *price = "price, 1 M photos";

bool has_costs(const Comparison& c) {
  return std::ranges::any_of(c.rows, [](const Row& row) { return row.cost.has_value(); });
}

bool has_prices(const Comparison& c) {
  return std::ranges::any_of(c.rows, [](const Row& row) { return row.cost && row.cost->price_per_million; });
}

}  // namespace

std::vector<Column> cost_columns(const Comparison& c) {
  std::vector<Column> all;
  if (!has_costs(c)) return all;
  const auto add = [&](const char* name, std::string (*cell)(const Cost&)) {
    all.push_back({name, [cell](const Row& row) { return row.cost ? cell(*row.cost) : std::string(); }});
  };
  add(vector_size, [](const Cost& cost) { return fmt::format("{}", cost.vector_bytes); });
  add(million, [](const Cost& cost) { return human_bytes(1'000'000 * cost.vector_bytes); });
  add(ten_million, [](const Cost& cost) { return human_bytes(10'000'000 * cost.vector_bytes); });
  add(parameters, [](const Cost& cost) { return cost.parameters > 0 ? human_count(cost.parameters) : ""; });
  add(licence, [](const Cost& cost) { return cost.license; });
  if (has_prices(c))
    add(price,
        [](const Cost& cost) { return cost.price_per_million ? fmt::format("{:.2f}", *cost.price_per_million) : ""; });
  return all;
}

std::vector<std::string> cost_names(const Comparison& c) {
  if (!has_costs(c)) return {};
  return {"vector_bytes", "parameters", "license", "price_per_million"};
}

std::vector<std::string> cost_cells(const Row& row, const Comparison& c) {
  if (!row.cost) return std::vector<std::string>(cost_names(c).size());
  const auto& cost = *row.cost;
  return {fmt::format("{}", cost.vector_bytes), fmt::format("{}", cost.parameters), cost.license,
          cost.price_per_million ? exact(*cost.price_per_million) : ""};
}

std::vector<std::string> minor_cost_columns() { return {licence, parameters, vector_size, ten_million, million}; }

std::string price_column() { return price; }

}  // namespace matcher::report
