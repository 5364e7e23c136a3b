// CSV manifests: one row per image or text, with columns path, label, split, view, category, text, id, group, and those
// of a box.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/columns.hpp"
#include "matcher/dataset/formats/csv_table.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/formats/other_columns.hpp"
#include "matcher/dataset/formats/row_items.hpp"
#include "matcher/dataset/formats/splits.hpp"
#include "matcher/dataset/image_name.hpp"
#include "matcher/files/csv.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

constexpr std::array sides{"x", "y", "width", "height"}, corners{"x1", "y1", "x2", "y2"};

/// The places of the four columns of a box; nothing if the table has none.
struct BoxColumns {
  std::array<std::optional<std::size_t>, 4> places;
  const std::array<const char*, 4>* words = nullptr;
};

std::size_t count_known(const Table& table, const std::array<const char*, 4>& words) {
  return std::size_t(std::ranges::count_if(words, [&](const char* word) { return table.has(word); }));
}

/// Columns called width and height alone may be the size of the image, and x and y a place: three are a box with a
/// missing column.
bool is_meant(const Table& table, const Source& source, const std::array<const char*, 4>& words) {
  const bool asked = std::ranges::any_of(words, [&](const char* word) { return source.columns.contains(word); });
  return asked || count_known(table, words) + 1 == words.size();
}

[[noreturn]] void fail_box_columns(const Table& table, const std::string& file) {
  std::vector<std::string> found;
  for (const auto* words : {&sides, &corners})
    for (const auto* word : *words)
      if (table.has(word)) found.push_back(word);
  throw Error(ErrorCode::input, fmt::format("\"{}\": a box needs the columns x, y, width and height, or x1, y1, x2 and "
                                            "y2, but it has only {}",
                                            file, fmt::join(found, ", ")));
}

BoxColumns find_box_columns(const Table& table, const Source& source, const std::string& file) {
  for (const auto* words : {&sides, &corners}) {
    if (count_known(table, *words) != words->size()) continue;
    BoxColumns columns;
    columns.words = words;
    for (std::size_t i = 0; i < words->size(); ++i) columns.places[i] = table.find((*words)[i]);
    return columns;
  }
  if (is_meant(table, source, sides) || is_meant(table, source, corners)) fail_box_columns(table, file);
  return {};
}

/// The box of a row; nothing if all four fields are empty.
std::optional<RowBox> read_box(const Table& table, const CsvRow& row, const BoxColumns& columns) {
  if (columns.words == nullptr) return std::nullopt;
  RowBox box;
  box.corners = columns.words == &corners;
  std::size_t empty = 0;
  for (std::size_t i = 0; i < box.values.size(); ++i) {
    const auto* word = (*columns.words)[i];
    const auto& text = table.field(row, columns.places[i], word);
    empty += text.empty() ? 1 : 0;
    if (!text.empty()) box.values[i] = parse_box_number(text, table.where(row), word);
  }
  if (empty == 0) return box;
  if (empty == box.values.size()) return std::nullopt;
  throw Error(ErrorCode::input, fmt::format("{}: the box is incomplete: {} of its four numbers {} missing",
                                            table.where(row), empty, empty == 1 ? "is" : "are"));
}

void read_manifest(const Source& source, const fs::path& root, Sink& sink) {
  const auto file = root / source.path;
  Table table(file, {source.header, source.trim, source.csv, source.columns}, column_words());
  if (!table.has("text")) table.require("path");
  const auto box = find_box_columns(table, source, file.string());
  const auto path = table.find("path"), label = table.find("label"), split = table.find("split"),
             view = table.find("view"), category = table.find("category"), text = table.find("text"),
             id = table.find("id"), group = table.find("group");
  RowItems items(source, root, box.words != nullptr, sink);
  const auto others = sink.keeps_columns() ? std::optional<OtherColumns>(table) : std::nullopt;
  sink.expect(table.count_lines());
  for (CsvRow row; table.next(row);) {
    items.add({table.field(row, path, "path"), table.field(row, label, "label"), table.field(row, split, "split"),
               table.field(row, view, "view"), table.field(row, category, "category"), table.field(row, text, "text"),
               table.field(row, id, "id"), table.field(row, group, "group"), read_box(table, row, box),
               std::uint32_t(row.line)},
              others ? others->read(row) : ColumnValues());
  }
  items.finish();
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
  const auto row = read_first_row(csv);
  if (!row) throw Error(ErrorCode::input, fmt::format("\"{}\" is empty", csv.string()));
  const auto& first = *row;
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
  const auto first = read_first_row(metadata);
  return first && has_column(*first, file_name) && has_column(*first, "label");
}

/// Hugging Face's imagefolder: every folder of images has a metadata.csv with file names and labels.
std::vector<Source> describe_folder(const Place& place) {
  const auto& root = place.path();
  std::vector<Source> sources;
  for (const auto& folder : place.splits()) {
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

std::vector<Source> describe_csv(const Place& place) {
  return is_folder(place.path()) ? describe_folder(place) : describe_file(place.path(), place.columns());
}

}  // namespace

const Format csv_manifest_format{{"csv", true, true}, describe_csv, read_manifest};

}  // namespace matcher::dataset
