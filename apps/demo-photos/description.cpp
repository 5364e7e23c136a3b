#include "demo-photos/description.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "demo-photos/product.hpp"
#include "matcher/core/csv.hpp"

namespace matcher::demo {
namespace {

constexpr const char* generator = "matcher-demo-photos";

template <class Use>
void for_each_product(const Parameters& parameters, Use use) {
  for (int i = 0; i < parameters.products; ++i) use(make_product(parameters.seed, Range::known, i), Range::known);
  for (int i = 0; i < parameters.unknown; ++i) use(make_product(parameters.seed, Range::unknown, i), Range::unknown);
}

std::string rows_of(const Product& product, const std::string& split, int views) {
  std::string rows;
  for (int view = 0; view < views; ++view) {
    rows += csv_line({photo_path(split, product.label, view), product.label, split == "queries" ? "query" : split,
                      std::to_string(view + 1), std::string{product.category()}});
  }
  return rows;
}

nlohmann::ordered_json parameters_json(const Parameters& parameters) {
  nlohmann::ordered_json json;
  for (const auto& [name, value] : list_parameters(parameters)) json[name] = value;
  return json;
}

}  // namespace

std::string dataset_yaml(const Parameters& parameters, const std::string& root) {
  return fmt::format(R"(# Synthetic product photos: make them with  matcher-demo-photos --output <folder>
name: demo
description: Drawn photos of made-up packages, many of them variants of one brand
root: {root}
get: matcher-demo-photos --output demo-photos{flags}
protocol: {gallery} studio photos a product as gallery; {queries} hard photos a product as queries{unknown}
sources:
  - csv: items.csv
    columns: {{path: path, label: label, split: split, view: view, category: category}}
    roles: {{gallery: [gallery], queries: [query]}}
labels:
  csv: labels.csv
  columns: {{label: label, name: name, category: category}}
)",
                     fmt::arg("root", root), fmt::arg("flags", changed_flags(parameters)),
                     fmt::arg("gallery", parameters.gallery_views), fmt::arg("queries", parameters.query_views),
                     fmt::arg("unknown", parameters.unknown > 0 ? ", unknown products among them" : ""));
}

std::string photo_path(const std::string& split, const std::string& label, int view) {
  return fmt::format("{}/{}/{}.jpg", split, label, view + 1);
}

std::string items_csv(const Parameters& parameters) {
  std::string gallery;
  std::string queries;
  for_each_product(parameters, [&](const Product& product, Range range) {
    if (range == Range::known) gallery += rows_of(product, "gallery", parameters.gallery_views);
    queries += rows_of(product, "queries", parameters.query_views);
  });
  return csv_line({"path", "label", "split", "view", "category"}) + gallery + queries;
}

std::string labels_csv(const Parameters& parameters) {
  std::string rows = csv_line({"label", "name", "category"});
  for_each_product(parameters, [&](const Product& product, Range) {
    rows += csv_line({product.label, product.name(), std::string{product.category()}});
  });
  return rows;
}

std::string manifest_json(const Parameters& parameters) {
  const nlohmann::ordered_json json{
      {"generator", generator}, {"version", generator_version}, {"parameters", parameters_json(parameters)}};
  return json.dump(2) + "\n";
}

Manifest check_manifest(const fs::path& folder, const Parameters& parameters) {
  std::ifstream in(folder / manifest_name);
  const auto json = nlohmann::ordered_json::parse(in, nullptr, false);
  if (!json.is_object() || json.value("generator", nlohmann::ordered_json()) != generator) return Manifest::none;
  return json == nlohmann::ordered_json::parse(manifest_json(parameters)) ? Manifest::same : Manifest::other;
}

}  // namespace matcher::demo
