#include "matcher/dataset/dataset.hpp"

#include <fmt/format.h>

#include <set>

#include "matcher/core/error.hpp"
#include "matcher/dataset/collecting/collector.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/labels.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

fs::path root_of(const Description& description) {
  const auto root = (fs::path(description.origin).parent_path() / description.root).lexically_normal();
  return root.empty() ? fs::path(".") : root;
}

/// Refuses a missing file or folder, with the command that fetches it.
void require_exists(const Description& description, const fs::path& path) {
  if (path_exists(path)) return;
  const auto get = description.get.empty() ? "" : fmt::format(". Fetch it: {}", description.get);
  throw Error(ErrorCode::input,
              fmt::format("dataset \"{}\": \"{}\" {}{}", description.name, path.string(), why_missing(path), get));
}

void read_source(const Description& description, const Source& source, const fs::path& root, Collector& collector) {
  if (!source.path.ends_with('}') && source.path.find('{') == std::string::npos)
    require_exists(description, root / source.path);
  collector.begin(source);
  find_format(source.format).read(source, root, collector);
  collector.end();
}

/// The name and category that the label file gives a label.
struct LabelInfo {
  std::string name, category;
};

std::map<std::string, LabelInfo> read_labels(const Description& description, const fs::path& root) {
  std::map<std::string, LabelInfo> labels;
  if (description.labels_csv.empty()) return labels;
  require_exists(description, root / description.labels_csv);
  Table table(root / description.labels_csv, {description.labels_header, true, {}, description.label_columns},
              {"label", "name", "category"});
  table.require("label");
  const auto label = table.find("label"), name = table.find("name"), category = table.find("category");
  for (CsvRow row; table.next(row);)
    labels[table.field(row, label, "label")] = {table.field(row, name, "name"), table.field(row, category, "category")};
  return labels;
}

void fill_categories(std::vector<Item>& items, const std::map<std::string, LabelInfo>& labels) {
  for (auto& item : items) {
    const auto found = labels.find(item.label);
    if (item.category.empty() && found != labels.end()) item.category = found->second.category;
  }
}

void add_labels(Dataset& dataset, const std::map<std::string, LabelInfo>& labels) {
  for (const auto& [label, info] : labels) {
    if (!info.name.empty()) dataset.label_names[label] = info.name;
  }
  fill_categories(dataset.gallery, labels);
  fill_categories(dataset.queries, labels);
}

}  // namespace

void apply_crop_margin(double margin, Description& description) {
  constexpr double most = 10;
  if (!(margin >= 0 && margin <= most))
    throw Error(ErrorCode::usage, fmt::format("--crop-margin must be from 0 to {}, not {}", most, margin));
  for (auto& source : description.sources) source.crop_margin = margin;
}

std::string describe_origin(const Item& item) {
  if (item.source.empty()) return item.path;
  return item.line == 0 ? item.source.text() : fmt::format("{}:{}", item.source.text(), item.line);
}

Dataset load(const Description& description) {
  const auto root = root_of(description);
  require_exists(description, root);
  Collector collector(description);
  for (const auto& source : description.sources) read_source(description, source, root, collector);
  auto dataset = collector.take();
  if (dataset.gallery.empty() && dataset.queries.empty()) {
    throw Error(ErrorCode::input, fmt::format("dataset \"{}\" has no items. See its sources in {}", description.name,
                                              description.origin));
  }
  add_labels(dataset, read_labels(description, root));
  join_or_warn(description.fold_labels, dataset);
  return dataset;
}

std::vector<SourceFormat> source_formats() {
  std::vector<SourceFormat> all;
  for (const Format* format : formats()) all.push_back(format->about);
  return all;
}

std::vector<std::string> labels_without_gallery(const Dataset& dataset) {
  std::set<std::string> known{""}, missing;
  for (const auto& item : dataset.gallery) known.insert(item.label.text());
  for (const auto& item : dataset.queries) {
    if (!known.contains(item.label)) missing.insert(item.label.text());
  }
  return {missing.begin(), missing.end()};
}

}  // namespace matcher::dataset
