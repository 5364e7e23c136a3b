#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// A product's groups, one per model; nullptr where a report left the product out.
using Groups = std::vector<const eval::Group*>;
using Products = std::map<std::string, Groups>;

Products products_in(const Comparison& c) {
  Products products;
  for (std::size_t i = 0; i < c.rows.size(); ++i) {
    for (const auto& group : c.rows[i].report.breakdown.labels) {
      auto& groups = products[group.key];
      groups.resize(c.rows.size());
      groups[i] = &group;
    }
  }
  return products;
}

std::string name_of(const Comparison& c, const std::string& label) {
  for (const auto& row : c.rows) {
    if (const auto found = row.report.label_names.find(label); found != row.report.label_names.end())
      return found->second;
  }
  return label;
}

std::size_t queries_of(const Groups& groups) {
  const auto found = std::ranges::find_if(groups, [](const eval::Group* group) { return group != nullptr; });
  return found == groups.end() ? 0 : (*found)->queries;
}

HtmlCell rate_cell(const eval::Group* group) {
  if (group == nullptr) return {"", "", "number"};
  const auto& e = group->top1;
  return {fmt::format("<span class=\"bar\" aria-hidden=\"true\"><i style=\"width:{:.1f}%\"></i></span>{:.0f} of {}",
                      100 * e.value, e.value * double(group->queries), group->queries),
          exact(e.value), "number"};
}

/// The two models that are compared first: the best, and the baseline or, if that is the best, the second best.
std::pair<std::size_t, std::size_t> first_two(const Comparison& c) {
  const auto order = best_first(c.rows);
  for (const auto i : order) {
    if (i != order[0] && c.rows[i].gains.empty()) return {order[0], i};
  }
  return {order[0], order[1]};
}

double difference(const Groups& groups, std::size_t a, std::size_t b) {
  return groups[a] == nullptr || groups[b] == nullptr ? 0 : groups[a]->top1.value - groups[b]->top1.value;
}

std::string points(double difference) {
  return difference == 0 ? "0" : fmt::format("{:+.1f} points", 100 * difference);
}

/// Worst first for one model; for several, the largest losses of the best model first.
std::vector<Products::const_iterator> sorted(const Products& products, const Comparison& c) {
  std::vector<Products::const_iterator> order;
  for (auto at = products.begin(); at != products.end(); ++at) order.push_back(at);
  const auto key = [&](Products::const_iterator at) {
    const auto& groups = at->second;
    if (c.rows.size() == 1) return groups[0] == nullptr ? 2 : groups[0]->top1.value;
    const auto [a, b] = first_two(c);
    return difference(groups, a, b);
  };
  std::ranges::stable_sort(order, {}, key);
  return order;
}

HtmlRow product_row(Products::const_iterator at, const Comparison& c) {
  const auto& groups = at->second;
  HtmlRow cells{text_cell(name_of(c, at->first)), count_cell(queries_of(groups))};
  for (const auto* group : groups) cells.push_back(rate_cell(group));
  if (c.rows.size() > 1) {
    const auto [a, b] = first_two(c);
    const double d = difference(groups, a, b);
    cells.push_back(number_cell(points(d), d));
  }
  return cells;
}

std::string choice(const Comparison& c, const char* id, std::size_t chosen) {
  std::string out = fmt::format("<select id=\"{0}\" aria-label=\"model {0}\">", id);
  for (std::size_t i = 0; i < c.rows.size(); ++i)
    out += fmt::format("<option value=\"{}\"{}>{}</option>", i, i == chosen ? " selected" : "",
                       escape_xml(name_of(c.rows[i], c)));
  return out + "</select>";
}

/// A search box and, for several models, which two are compared; a page without scripts shows none of it.
std::string controls(const Comparison& c) {
  std::string out =
      "<div class=\"controls\" hidden><input id=\"search\" type=\"search\" placeholder=\"find a product\" "
      "aria-label=\"find a product\">";
  if (c.rows.size() > 1) {
    const auto [a, b] = first_two(c);
    out += choice(c, "a", a) + " against " + choice(c, "b", b);
  }
  return out + "</div>\n";
}

}  // namespace

std::string products_of(const Page& page) {
  const auto& c = page.comparison;
  const auto products = products_in(c);
  if (products.empty()) return {};
  std::vector<std::string> columns{"product", "photos"};
  for (const auto& row : c.rows) columns.push_back(name_of(row, c));
  if (c.rows.size() > 1) columns.push_back("difference");
  std::vector<HtmlRow> rows;
  for (const auto at : sorted(products, c)) rows.push_back(product_row(at, c));
  std::string about =
      c.rows.size() == 1
          ? "Photos whose first answer is correct, the worst product first."
          : fmt::format("Photos whose first answer is correct; first the products where {} loses most to {}.",
                        name_of(c.rows[first_two(c).first], c), name_of(c.rows[first_two(c).second], c));
  return section("products", "By product",
                 paragraph(about) + controls(c) + table("products-table", "Accuracy by product", columns, rows));
}

}  // namespace matcher::report
