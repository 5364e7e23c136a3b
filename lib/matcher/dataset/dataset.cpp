#include "matcher/dataset/dataset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/formats/splits.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

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

/// Collects the items of one role, and the place where each id was first used.
class RoleItems {
 public:
  explicit RoleItems(const char* role) : role_(role) {}

  void add(const LocatedItem& located) {
    const auto [first, fresh] = places_.emplace(located.item.id, located.where);
    if (!fresh) {
      throw Error(ErrorCode::input, fmt::format("{}: {} already uses the id \"{}\". An id must be unique within the {}",
                                                located.where, first->second, located.item.id, role_));
    }
    items_.push_back(located.item);
  }

  std::vector<Item> take() { return std::move(items_); }

 private:
  const char* role_;
  std::vector<Item> items_;
  std::unordered_map<std::string, std::string> places_;
};

bool plays(const Source& source, Role role, const std::string& split) {
  if (source.roles.empty()) return is_query_split(split) == (role == Role::queries);
  const auto found = source.roles.find(role);
  return found != source.roles.end() && contains(found->second, split);
}

/// Refuses a role whose split no item has: it is a typing error, not an empty role.
void check_roles(const Description& description, const Source& source, const std::vector<LocatedItem>& items) {
  std::set<std::string> seen;
  for (const auto& [item, where] : items) seen.insert(item.split);
  const std::vector<std::string> splits(seen.begin(), seen.end());
  for (const auto& [role, names] : source.roles) {
    for (const auto& name : names) {
      if (seen.contains(name)) continue;
      throw Error(ErrorCode::input, fmt::format("dataset \"{}\": no item of {} has the split \"{}\"{}",
                                                description.name, source.path, name, name_hint(name, splits)));
    }
  }
}

Contents read_source(const Description& description, const Source& source, const fs::path& root) {
  require_exists(description, root / source.path);
  auto contents = find_format(source.format).read(source, root);
  check_roles(description, source, contents.items);
  return contents;
}

/// The name and category that the label file gives a label.
struct LabelInfo {
  std::string name, category;
};

std::map<std::string, LabelInfo> read_labels(const Description& description, const fs::path& root) {
  std::map<std::string, LabelInfo> labels;
  if (description.labels_csv.empty()) return labels;
  require_exists(description, root / description.labels_csv);
  const Table table(root / description.labels_csv, {description.labels_header, true, description.label_columns},
                    {"label", "name", "category"});
  table.require("label");
  for (const auto& row : table.rows()) {
    labels[table.value(row, "label")] = {table.value(row, "name"), table.value(row, "category")};
  }
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

Dataset load(const Description& description) {
  const auto root = root_of(description);
  require_exists(description, root);
  RoleItems gallery("gallery"), queries("queries");
  std::vector<std::string> warnings;
  for (const auto& source : description.sources) {
    const auto contents = read_source(description, source, root);
    warnings.insert(warnings.end(), contents.warnings.begin(), contents.warnings.end());
    for (const auto& located : contents.items) {
      if (plays(source, Role::gallery, located.item.split)) gallery.add(located);
      if (plays(source, Role::queries, located.item.split)) queries.add(located);
    }
  }
  Dataset dataset{description.name, description.protocol, gallery.take(), queries.take(), {}, warnings};
  if (dataset.gallery.empty() && dataset.queries.empty()) {
    throw Error(ErrorCode::input, fmt::format("dataset \"{}\" has no items. See its sources in {}", description.name,
                                              description.origin));
  }
  add_labels(dataset, read_labels(description, root));
  return dataset;
}

std::vector<SourceFormat> source_formats() {
  std::vector<SourceFormat> all;
  for (const Format* format : formats()) all.push_back(format->about);
  return all;
}

std::vector<std::string> labels_without_gallery(const Dataset& dataset) {
  std::set<std::string> known{""}, missing;
  for (const auto& item : dataset.gallery) known.insert(item.label);
  for (const auto& item : dataset.queries) {
    if (!known.contains(item.label)) missing.insert(item.label);
  }
  return {missing.begin(), missing.end()};
}

}  // namespace matcher::dataset
