#include "matcher/config/datasets.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "matcher/config/yaml/dataset.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/columns.hpp"
#include "matcher/dataset/describe_path.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::config {
namespace {

/// Lists descriptions by name. If two have one name, the one found first counts.
std::map<std::string, fs::path> descriptions(const Places& places) {
  std::map<std::string, fs::path> files;
  for (const auto& folder : places.dataset_folders) {
    for (const auto& dataset : list_if_readable(folder)) {
      for (const auto& file : list_if_readable(dataset)) {
        if (file.extension() == ".yaml") files.emplace(default_dataset_name(file), file);
      }
    }
  }
  return files;
}

enum class FoundBy { name, path };

/// Applies the rule for relative roots; see find_dataset.
std::string absolute_root(const dataset::Description& description, FoundBy found_by) {
  const fs::path root = description.root;
  const auto beside = absolute_path(fs::path(description.origin).parent_path() / root);
  if (root.empty() || *root.begin() == "." || *root.begin() == "..") return beside.string();
  const auto here = absolute_path(root);
  const auto& [first, second] = found_by == FoundBy::name ? std::tie(here, beside) : std::tie(beside, here);
  return (!path_exists(first) && path_exists(second) ? second : first).string();
}

dataset::Description read_description(const fs::path& file, FoundBy found_by) {
  auto description = parse_dataset(read_text(file), file.string());
  description.root = absolute_root(description, found_by);
  return description;
}

dataset::Description read_named(const std::string& name, const fs::path& file) {
  auto description = read_description(file, FoundBy::name);
  if (description.name == name) return description;
  throw Error(ErrorCode::usage,
              fmt::format("{}: the name is \"{}\", but the file stands for \"{}\". Make them the same", file.string(),
                          description.name, name));
}

/// Describes a folder with an items.csv, as matcher-demo-photos writes it.
dataset::Description describe_items(const fs::path& folder, const dataset::Columns& columns) {
  auto description = dataset::describe_path(folder / "items.csv", columns);
  description.name = valid_utf8(fs::path(description.root).filename().string());
  if (path_exists(folder / "labels.csv")) description.labels_csv = "labels.csv";
  return description;
}

dataset::Description describe_existing(const fs::path& path, const dataset::Columns& columns) {
  if (path.extension() == ".yaml" || path.extension() == ".yml") return read_description(path, FoundBy::path);
  if (path_exists(path / "dataset.yaml")) return read_description(path / "dataset.yaml", FoundBy::path);
  return path_exists(path / "items.csv") ? describe_items(path, columns) : dataset::describe_path(path, columns);
}

bool looks_like_path(const fs::path& text) { return text.has_parent_path() || text.has_extension(); }

dataset::Description find_description(const std::string& name_or_path, const Places& places,
                                      const dataset::Columns& columns) {
  const auto files = descriptions(places);
  if (const auto found = files.find(name_or_path); found != files.end()) return read_named(found->first, found->second);
  if (path_exists(name_or_path)) return describe_existing(name_or_path, columns);
  if (looks_like_path(name_or_path)) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" {}. Give a name, or the path of a dataset.yaml, a CSV or a folder", name_or_path,
                            why_missing(name_or_path)));
  }
  std::vector<std::string> names;
  for (const auto& [name, file] : files) names.push_back(name);
  throw Error(ErrorCode::usage,
              fmt::format("unknown dataset \"{}\"{} (or give the path of a dataset.yaml, a CSV or a folder)",
                          name_or_path, name_hint(name_or_path, names)));
}

}  // namespace

dataset::Description find_dataset(const std::string& name_or_path, const Places& places,
                                  const dataset::Columns& columns) {
  auto description = find_description(name_or_path, places, columns);
  dataset::apply(columns, description);
  return description;
}

}  // namespace matcher::config
