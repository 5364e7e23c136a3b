#include <filesystem>

#include "matcher/config/datasets.hpp"
#include "matcher/config/yaml/reader.hpp"

namespace matcher::config {
namespace {

using dataset::Source;
using Columns = std::map<std::string, std::string>;

Columns read_columns(YamlMap& parent, std::initializer_list<const char*> words) {
  Columns columns;
  auto yaml = parent.map("columns");
  if (!yaml) return columns;
  for (const auto* word : words) {
    if (yaml->has(word)) yaml->read(word, columns[word]);
  }
  yaml->finish();
  return columns;
}

std::map<Role, std::vector<std::string>> read_roles(YamlMap& parent) {
  std::map<Role, std::vector<std::string>> roles;
  auto yaml = parent.map("roles");
  if (!yaml) return roles;
  yaml->read("gallery", roles[Role::gallery]);
  yaml->read("queries", roles[Role::queries]);
  yaml->finish();
  return roles;
}

void read_manifest_keys(YamlMap& yaml, Source& source) {
  yaml.read("header", source.header);
  yaml.read("trim", source.trim);
  yaml.read("image_root", source.image_root);
  source.columns = read_columns(yaml, {"path", "label", "split", "view", "category", "text", "id"});
}

Source read_source(YamlMap yaml) {
  Source source;
  yaml.read("csv", source.csv);
  yaml.read("folder", source.folder);
  yaml.read("split", source.split);
  source.roles = read_roles(yaml);
  if (!source.csv.empty()) read_manifest_keys(yaml, source);
  yaml.finish();
  if (source.csv.empty() == source.folder.empty()) yaml.fail("a source needs either csv or folder");
  return source;
}

void read_labels(YamlMap yaml, dataset::Description& description) {
  yaml.read("csv", description.labels_csv);
  yaml.read("header", description.labels_header);
  description.label_columns = read_columns(yaml, {"label", "name", "category"});
  yaml.finish();
  if (description.labels_csv.empty()) yaml.fail("\"labels\" needs csv, the file with the names of the labels");
}

}  // namespace

std::string default_dataset_name(const std::filesystem::path& file) {
  return (file.stem() == "dataset" ? std::filesystem::absolute(file).parent_path().filename() : file.stem()).string();
}

dataset::Description parse_dataset(const std::string& text, const std::string& origin) {
  auto yaml = YamlMap::parse(text, origin);
  dataset::Description description;
  description.origin = origin;
  description.name = default_dataset_name(origin);
  yaml.read("name", description.name);
  yaml.read("description", description.description);
  yaml.read("protocol", description.protocol);
  yaml.read("root", description.root);
  yaml.read("get", description.get);
  for (const auto& source : yaml.maps("sources")) description.sources.push_back(read_source(source));
  if (const auto labels = yaml.map("labels")) read_labels(*labels, description);
  yaml.finish();
  if (description.sources.empty()) yaml.fail("\"sources\" is missing; list at least one csv or folder");
  return description;
}

}  // namespace matcher::config
