// JSON Lines manifests: one object per line with the keys of a CSV's columns, or file_name as Hugging Face's image
// folders have it. `objects` holds the boxes of an image: {"bbox": [[x, y, width, height]], "categories": [label]}.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/columns.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/formats/json_text.hpp"
#include "matcher/dataset/formats/other_columns.hpp"
#include "matcher/dataset/formats/row_items.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/read_file.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

constexpr auto file_name = "file_name";

/// The lines of a text that are not empty, with their numbers.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  bool next(std::string_view& line) {
    while (at_ < text_.size()) {
      const auto end = std::min(text_.find('\n', at_), text_.size());
      line = text_.substr(at_, end - at_);
      at_ = end + 1;
      ++number;
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) return true;
    }
    return false;
  }

  std::uint32_t number = 0;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// The values of one line by the words of this layer.
struct Values {
  std::string path, label, split, view, category, text, id, group;
};

class JsonLines {
 public:
  JsonLines(const Source& source, const fs::path& root, Sink& sink)
      : source_(source),
        name_((root / source.path).string()),
        text_(to_valid_utf8(read_text(name_), name_, Encoding::automatic)),
        items_(source, root, true, sink),
        keeps_columns_(sink.keeps_columns()) {}

  void read() {
    Lines lines(text_);
    bool is_empty = true;
    for (std::string_view line; lines.next(line); is_empty = false) {
      const auto where = fmt::format("{}:{}", name_, lines.number);
      const auto json = parse_json(parser_, line, where);
      if (!json.is_object())
        throw Error(ErrorCode::input, where + ": not an object such as {\"file_name\": \"1.jpg\"}");
      add(json, lines.number, where);
    }
    if (is_empty) throw Error(ErrorCode::input, fmt::format("\"{}\" is empty", name_));
    items_.finish();
  }

 private:
  std::string key_of(const char* word) const {
    const auto found = source_.columns.find(word);
    return found == source_.columns.end() ? word : found->second;
  }

  std::string value(const Json& json, const char* word) const { return json_text(json[key_of(word)]); }

  void check_columns(const Json& json, const std::string& where) {
    for (const auto& [word, key] : source_.columns) {
      if (json[key].error() == simdjson::SUCCESS) continue;
      throw Error(ErrorCode::input,
                  fmt::format("{}: no key \"{}\". The keys are: {}", where, key, fmt::join(json_keys(json), ", ")));
    }
  }

  void add(const Json& json, std::uint32_t line, const std::string& where) {
    check_columns(json, where);
    Values v{value(json, "path"),     value(json, "label"), value(json, "split"), value(json, "view"),
             value(json, "category"), value(json, "text"),  value(json, "id"),    value(json, "group")};
    if (v.path.empty()) v.path = json_text(json[file_name]);
    Row row{v.path, v.label, v.split, v.view, v.category, v.text, v.id, v.group};
    row.line = line;
    auto others = keeps_columns_ ? read_other_keys(json, source_.columns) : ColumnValues();
    if (has_value(json["objects"])) {
      const Json objects = json["objects"];
      return add_objects(row, objects, others, where);
    }
    row.box = read_box(json, where);
    items_.add(row, std::move(others));
  }

  std::optional<RowBox> read_box(const Json& json, const std::string& where) const {
    for (const bool corners : {false, true}) {
      const std::array<const char*, 4> words =
          corners ? std::array{"x1", "y1", "x2", "y2"} : std::array{"x", "y", "width", "height"};
      if (!std::ranges::all_of(words, [&](const char* word) { return has_value(json[key_of(word)]); })) continue;
      RowBox box;
      box.corners = corners;
      for (std::size_t i = 0; i < words.size(); ++i)
        box.values[i] = parse_box_number(value(json, words[i]), where, words[i]);
      return box;
    }
    return std::nullopt;
  }

  void add_objects(const Row& row, const Json& objects, const ColumnValues& others, const std::string& where) {
    simdjson::dom::array boxes, labels;
    const bool has_boxes = objects["bbox"].get(boxes) == simdjson::SUCCESS;
    const bool has_labels =
        objects["categories"].get(labels) == simdjson::SUCCESS || objects["category"].get(labels) == simdjson::SUCCESS;
    if (!has_boxes) throw Error(ErrorCode::input, where + ": \"objects\" has no list \"bbox\"");
    if (has_labels && labels.size() != boxes.size())
      throw Error(ErrorCode::input,
                  fmt::format("{}: \"objects\" has {} boxes, but {} categories", where, boxes.size(), labels.size()));
    std::size_t i = 0;
    for (const auto values : boxes) {
      const auto label = has_labels ? json_text(labels.at(i)) : std::string(row.label);
      Row one = row;
      one.label = label;
      one.box = read_list(values, where);
      items_.add(one, others);
      ++i;
    }
  }

  static RowBox read_list(const Json& values, const std::string& where) {
    RowBox box;
    simdjson::dom::array list;
    if (values.get(list) == simdjson::SUCCESS && list.size() == box.values.size()) {
      std::size_t i = 0;
      for (const auto value : list)
        box.values[i++] = parse_box_number(json_text(simdjson::simdjson_result<Json>(Json(value))), where, "a number");
      return box;
    }
    throw Error(ErrorCode::input, where + ": a \"bbox\" is not four numbers: x, y, width, height");
  }

  const Source& source_;
  std::string name_, text_;
  RowItems items_;
  bool keeps_columns_;
  simdjson::dom::parser parser_;
};

/// The keys of the first line; nothing if it is not an object.
std::vector<std::string> first_keys(const fs::path& path) {
  const auto name = path.string();
  const auto text = to_utf8(read_text(path), name);
  Lines lines(text);
  std::string_view line;
  if (!lines.next(line)) return {};
  simdjson::dom::parser parser;
  return json_keys(parse_json(parser, line, fmt::format("{}:{}", name, lines.number)));
}

bool has_labels(const fs::path& metadata) {
  if (!is_file(metadata)) return false;
  const auto keys = first_keys(metadata);
  const auto has = [&](const char* key) { return std::ranges::find(keys, key) != keys.end(); };
  return has(file_name) && (has("label") || has("objects"));
}

Source describe_file(const fs::path& path, const Columns& columns) {
  Source source;
  source.format = "jsonl";
  source.path = path.string();
  source.columns = columns;
  return source;
}

/// Hugging Face's image folders: every folder of a split has a metadata.jsonl.
std::vector<Source> describe_folder(const Place& place) {
  std::vector<Source> sources;
  for (const auto& folder : place.splits()) {
    if (!has_labels(place.path() / folder / "metadata.jsonl")) return {};
    auto source = describe_file((fs::path(folder) / "metadata.jsonl").lexically_normal(), place.columns());
    if (folder != ".") source.split = source.image_root = folder;
    sources.push_back(source);
  }
  return sources;
}

std::vector<Source> describe_json_lines(const Place& place) {
  if (is_folder(place.path())) return describe_folder(place);
  const auto extension = lower_case(place.path().extension().string());
  if (extension != ".jsonl" && extension != ".ndjson") return {};
  return {describe_file(place.path().filename(), place.columns())};
}

void read_json_lines(const Source& source, const fs::path& root, Sink& sink) { JsonLines(source, root, sink).read(); }

}  // namespace

const Format json_lines_format{{"jsonl", true}, describe_json_lines, read_json_lines};

}  // namespace matcher::dataset
