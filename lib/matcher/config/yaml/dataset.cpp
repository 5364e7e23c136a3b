#include "matcher/config/yaml/dataset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/config/yaml/reader.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/columns.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::config {
namespace {

using dataset::Columns;
using dataset::Source;

Columns read_columns(YamlMap& parent, const std::vector<std::string>& words) {
  Columns columns;
  auto yaml = parent.map("columns");
  if (!yaml) return columns;
  for (const auto& word : words) {
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

void read_csv_keys(YamlMap& yaml, Source& source) {
  yaml.read("header", source.header);
  yaml.read("trim", source.trim);
  yaml.read("delimiter", source.csv.separator);
  yaml.read("comment", source.csv.comment);
  yaml.read("quote", source.csv.quote);
  if (source.csv.quote == "none") source.csv.quote.clear();
  yaml.read("skip_lines", source.csv.skip_lines, 0);
  Encoding known{};
  yaml.read_as("encoding", known, parse_encoding);
  yaml.read("encoding", source.csv.encoding);
}

dataset::BoxUnit parse_box_unit(const std::string& text) {
  if (text == "pixels") return dataset::BoxUnit::pixels;
  if (text == "fractions") return dataset::BoxUnit::fractions;
  throw Error(ErrorCode::usage, fmt::format("must be pixels or fractions, not \"{}\"", text));
}

void read_manifest_keys(YamlMap& yaml, Source& source) {
  yaml.read("image_root", source.image_root);
  yaml.read_as("box", source.box_unit, parse_box_unit);
  float margin = 0;
  yaml.read("crop_margin", margin);
  if (margin < 0 || margin > 10) yaml.fail_at("crop_margin", "must be from 0 to 10");
  source.crop_margin = std::stod(fmt::format("{}", margin));  // 0.1, not the nearest float
  source.columns = read_columns(yaml, dataset::column_words());
}

std::string known_keys() {
  std::vector<std::string> keys;
  for (const auto& format : dataset::source_formats()) keys.push_back(format.key);
  return fmt::format("{}", fmt::join(keys, " or "));
}

/// Reads the one key that names a format, with the path as its value.
dataset::SourceFormat read_format(YamlMap& yaml, Source& source) {
  std::vector<dataset::SourceFormat> found;
  for (const auto& format : dataset::source_formats()) {
    if (!yaml.has(format.key)) continue;
    yaml.read(format.key, source.path);
    if (!source.path.empty()) found.push_back(format);
  }
  if (found.size() != 1) yaml.fail(fmt::format("a source needs either {}", known_keys()));
  source.format = found.front().key;
  return found.front();
}

Source read_source(YamlMap yaml) {
  Source source;
  const auto format = read_format(yaml, source);
  yaml.read("split", source.split);
  source.roles = read_roles(yaml);
  yaml.read("only", source.only);
  if (format.has_columns) read_manifest_keys(yaml, source);
  if (format.is_csv) read_csv_keys(yaml, source);
  yaml.finish();
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
  return valid_utf8((file.stem() == "dataset" ? absolute_path(file).parent_path().filename() : file.stem()).string());
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
  yaml.read("fold_labels", description.fold_labels);
  for (const auto& source : yaml.maps("sources")) description.sources.push_back(read_source(source));
  if (const auto labels = yaml.map("labels")) read_labels(*labels, description);
  yaml.finish();
  if (description.sources.empty()) yaml.fail(fmt::format("\"sources\" is missing. List at least one {}", known_keys()));
  return description;
}

}  // namespace matcher::config
