// COCO files: images, annotations with boxes, categories. Each box is an item; its label is the name of its category.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/formats/json_text.hpp"
#include "matcher/dataset/formats/row_items.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/read_file.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

struct CocoImage {
  std::string file;
  int width = 0, height = 0;
};

/// Annotations that are no items.
struct LeftOut {
  std::size_t crowds = 0, empty = 0, without_box = 0, repeated = 0;
};

struct Annotation {
  std::string id, label;
  std::array<double, 4> box{};
};

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw Error(ErrorCode::input, fmt::format("\"{}\": {}", file, what));
}

/// Nothing if a list that may be left out is.
std::optional<simdjson::dom::array> find_list(const Json& top, const char* key) {
  simdjson::dom::array list;
  return top[key].get(list) == simdjson::SUCCESS ? std::optional(list) : std::nullopt;
}

simdjson::dom::array list_of(const Json& top, const char* key, const std::string& file) {
  if (const auto list = find_list(top, key)) return *list;
  fail(file, fmt::format("the list \"{}\" is missing: not a COCO file of images, annotations and categories", key));
}

std::string describe(const Annotation& annotation) { return "annotation " + annotation.id; }

class CocoFile {
 public:
  CocoFile(const fs::path& path, Sink& sink) : name_(path.string()), sink_(sink) {
    const auto text = to_utf8(read_text(path), name_);
    const auto top = parse_json(parser_, text, name_);
    if (!top.is_object()) {
      fail(name_,
           "a list, not an object: a file of detections alone lacks \"images\" and \"categories\". Give the COCO "
           "file with all three");
    }
    read_images(top);
    read_categories(top);
    read_annotations(top);
  }

  const std::string& first_image() const { return images_.at(order_.front()).file; }

  void emit(const Source& source, const fs::path& root) {
    RowItems items(source, root, true, sink_);
    std::size_t bare = 0;
    for (const auto& id : order_) {
      const auto& image = images_.at(id);
      const auto& boxes = annotations_[id];
      bare += boxes.empty() ? 1 : 0;
      for (const auto& annotation : boxes) {
        Row row;
        const auto row_id = image.file + "#" +
                            to_string(Box{annotation.box[0], annotation.box[1], annotation.box[2], annotation.box[3]});
        row.path = image.file;
        row.id = row_id;
        row.label = annotation.label;
        row.box = RowBox{annotation.box, false, image.width, image.height};
        items.add(row);
      }
    }
    items.finish();
    report(bare);
  }

 private:
  void read_images(const Json& top) {
    for (const auto image : list_of(top, "images", name_)) {
      const auto id = json_text(image["id"]), file = json_text(image["file_name"]);
      if (id.empty() || file.empty())
        fail(name_, fmt::format("image {} has no {}", id.empty() ? "without a name" : id,
                                id.empty() ? "\"id\"" : "\"file_name\""));
      CocoImage made{file, size_of(image["width"]), size_of(image["height"])};
      if (!images_.emplace(id, std::move(made)).second) fail(name_, fmt::format("the image id {} comes twice", id));
      order_.push_back(id);
    }
    if (order_.empty()) fail(name_, "\"images\" is empty");
  }

  static int size_of(simdjson::simdjson_result<Json> value) {
    std::int64_t size = 0;
    return value.get(size) == simdjson::SUCCESS && size > 0 && size < (1 << 30) ? int(size) : 0;
  }

  void read_categories(const Json& top) {
    const auto categories = find_list(top, "categories");
    if (!categories) return;
    std::map<std::string, std::string> ids;
    for (const auto category : *categories) {
      const auto id = json_text(category["id"]), name = json_text(category["name"]);
      const auto& label = name.empty() ? id : name;
      if (const auto [other, fresh] = ids.emplace(label, id); !fresh && other->second != id)
        fail(name_, fmt::format("the categories {} and {} are both called \"{}\". Give each its own name",
                                other->second, id, label));
      categories_[id] = label;
    }
  }

  void read_annotations(const Json& top) {
    std::size_t number = 0;
    for (const auto json : list_of(top, "annotations", name_)) {
      ++number;
      Annotation annotation{json_text(json["id"]), {}};
      if (annotation.id.empty()) annotation.id = fmt::format("number {}", number);
      const auto image = json_text(json["image_id"]);
      if (!images_.contains(image)) fail_unknown(annotation, "image", image, "images");
      if (has_value(json["category_id"])) annotation.label = label_of(annotation, json_text(json["category_id"]));
      if (is_crowd(json))
        ++left_out_.crowds;
      else if (!has_value(json["bbox"]))
        ++left_out_.without_box;
      else
        add(image, std::move(annotation), json["bbox"]);
    }
  }

  static bool is_crowd(const Json& json) {
    const auto value = json_text(json["iscrowd"]);
    return value == "1" || value == "true";
  }

  const std::string& label_of(const Annotation& annotation, const std::string& category) const {
    const auto found = categories_.find(category);
    if (found == categories_.end()) fail_unknown(annotation, "category", category, "categories");
    return found->second;
  }

  [[noreturn]] void fail_unknown(const Annotation& annotation, const char* what, const std::string& id,
                                 const char* list) const {
    fail(name_, fmt::format("{} names the {} {}, which is not among the \"{}\"", describe(annotation), what,
                            id.empty() ? "\"\"" : id, list));
  }

  void add(const std::string& image, Annotation annotation, simdjson::simdjson_result<Json> json) {
    annotation.box = read_box(annotation, json);
    if (annotation.box[2] <= 0 || annotation.box[3] <= 0) {
      ++left_out_.empty;
      return;
    }
    auto& others = annotations_[image];
    const auto same = std::ranges::find(others, annotation.box, &Annotation::box);
    if (same == others.end()) {
      others.push_back(std::move(annotation));
    } else if (same->label == annotation.label) {
      ++left_out_.repeated;
    } else {
      fail(name_,
           fmt::format("{} and {} have the same box on {}, but the categories \"{}\" and \"{}\". Remove one",
                       describe(*same), describe(annotation), images_.at(image).file, same->label, annotation.label));
    }
  }

  std::array<double, 4> read_box(const Annotation& annotation, simdjson::simdjson_result<Json> json) const {
    std::array<double, 4> box{};
    simdjson::dom::array values;
    std::size_t count = 0;
    bool good = json.get(values) == simdjson::SUCCESS;
    if (good) {
      for (const auto value : values) {
        good = good && count < box.size() && value.get(box[count]) == simdjson::SUCCESS;
        ++count;
      }
    }
    if (good && count == box.size()) return box;
    fail(name_, fmt::format("the \"bbox\" of {} is not four numbers: x, y, width, height", describe(annotation)));
  }

  void report(std::size_t bare) {
    std::vector<std::string> parts;
    const auto part = [&](std::size_t count, const char* one, const char* many) {
      if (count > 0) parts.push_back(fmt::format("{} {}", count, count == 1 ? one : many));
    };
    part(left_out_.crowds, "crowd annotation", "crowd annotations");
    part(left_out_.empty, "box without an area", "boxes without an area");
    part(left_out_.without_box, "annotation without a box", "annotations without a box");
    part(left_out_.repeated, "repeated box", "repeated boxes");
    part(bare, "image without boxes", "images without boxes");
    if (!parts.empty()) sink_.warn(fmt::format("\"{}\": left out {}", name_, fmt::join(parts, ", ")));
  }

  std::string name_;
  Sink& sink_;
  simdjson::dom::parser parser_;
  std::unordered_map<std::string, CocoImage> images_;
  std::vector<std::string> order_;  ///< ids of images, as the file lists them
  std::unordered_map<std::string, std::string> categories_;
  std::unordered_map<std::string, std::vector<Annotation>> annotations_;  ///< by image
  LeftOut left_out_;
};

class Nothing : public Sink {
 public:
  void add(Item) override {}
  void warn(std::string) override {}
};

/// "instances_val2017" -> "val2017": the folder of the images beside the folder of the annotations.
std::string last_word(const std::string& stem) {
  const auto mark = stem.rfind('_');
  return mark == std::string::npos ? stem : stem.substr(mark + 1);
}

/// The folder of the images, relative to that of the file: the first in which the first image is.
std::string find_images(const fs::path& file, const std::string& image) {
  const auto folder = file.parent_path();
  const auto stem = file.stem().string(), split = last_word(stem);
  const std::vector<std::string> places{"",   "images",    stem,         split,         "images/" + split,
                                        "..", "../images", "../" + stem, "../" + split, "../images/" + split};
  for (const auto& place : places)
    if (is_file(folder / place / image)) return place;
  return "";
}

std::vector<Source> describe_coco(const Place& place) {
  const auto& path = place.path();
  if (lower_case(path.extension().string()) != ".json" || !is_file(path)) return {};
  Nothing nothing;
  Source source;
  source.format = "coco";
  source.path = path.filename().string();
  source.image_root = find_images(path, CocoFile(path, nothing).first_image());
  return {source};
}

void read_coco(const Source& source, const fs::path& root, Sink& sink) {
  if (!source.columns.empty())
    throw Error(ErrorCode::usage,
                fmt::format("columns are for a CSV, but \"{}\" is a COCO file with its own keys. Leave "
                            "them out",
                            source.path));
  CocoFile(root / source.path, sink).emit(source, root);
}

}  // namespace

const Format coco_format{{"coco", true}, describe_coco, read_coco};

}  // namespace matcher::dataset
