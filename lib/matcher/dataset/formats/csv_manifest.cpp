// CSV manifests: one row per image or text, with columns path, label, split, view, category, text and id.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/columns.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/formats/splits.hpp"
#include "matcher/dataset/image_name.hpp"
#include "matcher/files/csv.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

/// Returns the path relative to the root. With `image_root`, a leading '/' means that folder.
fs::path within_root(const Source& source, const std::string& written) {
  if (source.image_root.empty()) return fs::path(written).lexically_normal();
  return (source.image_root / fs::path(written).relative_path()).lexically_normal();
}

/// Returns an absolute path inside the root relative to the root, so that a dataset that is moved keeps its ids.
fs::path id_of(const fs::path& path, const fs::path& root) {
  if (!path.is_absolute()) return path;
  const auto relative = path.lexically_relative(absolute_path(root / ""));
  return relative.empty() || *relative.begin() == ".." ? path : relative;
}

void set_path(Item& item, const Source& source, const fs::path& root, const std::string& written) {
  const auto relative = within_root(source, written);
  item.path = (root / relative).lexically_normal().string();
  if (item.id.empty()) item.id = id_of(relative, root).generic_string();
}

LocatedItem read_row(const Table& table, const CsvRow& row, const Source& source, const fs::path& root) {
  const auto field = [&](const char* word) { return table.value(row, word); };
  Item item{field("id"), "", field("label"), field("split"), field("view"), field("category"), field("text")};
  if (item.split.empty()) item.split = source.split;
  if (const auto written = field("path"); !written.empty()) {
    set_path(item, source, root, written);
  } else if (item.text.empty()) {
    throw Error(ErrorCode::input,
                fmt::format("{}: neither a path nor a text. Fill in one, or remove the row", table.where(row)));
  }
  if (item.id.empty()) item.id = fmt::format("{}:{}", source.path, row.line);
  return {std::move(item), table.where(row)};
}

Contents read_manifest(const Source& source, const fs::path& root) {
  const Table table(root / source.path, {source.header, source.trim, source.columns}, column_words());
  if (!table.has("text")) table.require("path");
  Contents contents;
  contents.items.reserve(table.rows().size());
  for (const auto& row : table.rows()) contents.items.push_back(read_row(table, row, source, root));
  return contents;
}

bool has_column(const CsvRow& header, const char* name) {
  return std::any_of(header.fields.begin(), header.fields.end(), [&](auto& f) { return lower_case(f) == name; });
}

/// "path=filename,label=sku" for the first two columns; a column that is called label keeps its name.
std::string example_columns(const CsvRow& header) {
  const auto& names = header.fields;
  return "path=" + names.front() +
         (names.size() < 2 || has_column(header, "label") ? std::string() : ",label=" + names[1]);
}

/// Refuses a first row that is neither a header nor an item: it is a header with other words.
void require_image(const fs::path& csv, const CsvRow& row) {
  const auto& path = row.fields.front();
  if (is_image_name(path) || is_file(csv.parent_path() / path)) return;
  throw Error(
      ErrorCode::input,
      fmt::format("{}:{}: no column is called \"path\", and \"{}\" is not an image. Name the columns, for example "
                  "--csv-columns {}, or in a dataset.yaml",
                  csv.string(), row.line, path, example_columns(row)));
}

Source describe_without_header(Source source, std::size_t columns) {
  constexpr std::array words{"path", "label", "category"};
  source.header = false;
  for (std::size_t i = 0; i < std::min(words.size(), columns); ++i) source.columns[words[i]] = std::to_string(i + 1);
  return source;
}

/// The column that Hugging Face's imagefolder calls the path.
constexpr auto file_name = "file_name";

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

/// True if the first row has an image in the column `path`, which is a number.
bool starts_with_image(const CsvRow& first, const Columns& columns) {
  const auto path = columns.find("path");
  if (path == columns.end() || !is_number(path->second)) return false;
  const auto place = std::strtoull(path->second.c_str(), nullptr, 10);
  return place > 0 && place <= first.fields.size() && is_image_name(first.fields[place - 1]);
}

std::vector<Source> describe_file(const fs::path& csv, const Columns& columns) {
  Source source;
  source.format = "csv";
  source.path = csv.filename().string();
  const auto rows = read_foreign_csv(csv, true);
  if (rows.empty()) throw Error(ErrorCode::input, fmt::format("\"{}\" is empty", csv.string()));
  const auto& first = rows.front();
  if (!columns.empty()) {
    source.columns = columns;
    source.header = !starts_with_image(first, columns);
    return {source};
  }
  if (has_column(first, "path")) return {source};
  if (has_column(first, file_name)) source.columns["path"] = file_name;
  if (has_column(first, file_name) || has_column(first, "text")) return {source};
  require_image(csv, first);
  return {describe_without_header(source, first.fields.size())};
}

bool has_labels(const fs::path& metadata) {
  if (!is_file(metadata)) return false;
  const auto rows = read_foreign_csv(metadata, true);
  return !rows.empty() && has_column(rows.front(), file_name) && has_column(rows.front(), "label");
}

/// Hugging Face's imagefolder: every folder of images has a metadata.csv with file names and labels.
std::vector<Source> describe_folder(const fs::path& root) {
  std::vector<Source> sources;
  for (const auto& folder : split_folders(root)) {
    if (!has_labels(root / folder / "metadata.csv")) return {};
    Source source;
    source.format = "csv";
    source.path = (fs::path(folder) / "metadata.csv").lexically_normal().string();
    source.columns["path"] = file_name;
    if (folder != ".") source.split = source.image_root = folder;
    sources.push_back(source);
  }
  return sources;
}

std::vector<Source> describe_csv(const fs::path& path, const Columns& columns) {
  return is_folder(path) ? describe_folder(path) : describe_file(path, columns);
}

}  // namespace

const Format csv_manifest_format{{"csv", true}, describe_csv, read_manifest};

}  // namespace matcher::dataset
