#include "matcher/pipeline/querying/query_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/dataset/describe_path.hpp"
#include "matcher/dataset/folder_walk.hpp"
#include "matcher/files/content_place.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::pipeline {
namespace {

constexpr const char* standard_input = "-";

Query image_query(std::string id, std::string path) {
  Query query;
  query.item.id = std::move(id);
  query.item.path = std::move(path);
  return query;
}

Query text_query(const std::string& text) {
  Query query;
  query.item.id = text;
  query.item.text = text;
  return query;
}

Query lost_query(const std::string& path, std::string error) {
  auto query = image_query(path, path);
  query.error = std::move(error);
  return query;
}

/// Every box of a COCO file.
std::vector<dataset::Item> read_boxes(const Context& context, const QueryOptions& options) {
  auto description = dataset::describe_path(options.coco);
  if (description.sources.front().format != "coco")
    throw Error(ErrorCode::input, fmt::format("--coco \"{}\" is not a .json file", options.coco.string()));
  description.sources.front().roles[Role::queries] = {""};
  dataset::apply_crop_margin(options.crop_margin, description);
  auto data = dataset::load(description);
  for (const auto& warning : data.warnings) context.observer.log(LogLevel::warning, warning);
  return std::move(data.queries);
}

void check_boxes(const QueryOptions& options) {
  if (!options.boxes.empty() && !options.files_from.empty())
    throw Error(ErrorCode::usage, "--box cuts one image, so it cannot be combined with --files-from");
  if (!options.boxes.empty() && options.images.size() != 1)
    throw Error(ErrorCode::usage, fmt::format("--box cuts one image, but {} were given", options.images.size()));
  if (!options.boxes.empty() && is_folder(options.images.front()))
    throw Error(ErrorCode::usage, fmt::format("--box cuts one image, but \"{}\" is a folder; give the path of an image",
                                              options.images.front()));
  if (options.crop_margin > 0 && options.boxes.empty() && options.coco.empty())
    throw Error(ErrorCode::usage, "--crop-margin is for boxes: give --box or --coco too");
}

void check_input(const QueryOptions& options) {
  const auto images = std::ranges::count(options.images, standard_input);
  if (images > 1) throw Error(ErrorCode::usage, "\"-\" reads one image from standard input, but it was given twice");
  if (images > 0 && options.files_from == standard_input)
    throw Error(ErrorCode::usage,
                "\"-\" reads an image and --files-from - reads a list, both from standard input. Give one of them");
}

void check_queries(const QueryOptions& options) {
  check_boxes(options);
  check_input(options);
  if (options.images.empty() && options.texts.empty() && options.coco.empty() && options.files_from.empty())
    throw Error(ErrorCode::usage,
                "no query was given: give images, a list of them with --files-from, or words with --text");
  if (std::ranges::find(options.texts, "") != options.texts.end())
    throw Error(ErrorCode::usage, "--text is empty; give words, such as --text \"red apple\"");
}

}  // namespace

QuerySource::QuerySource(const Context& context, const QueryOptions& options) : context_(context) {
  check_queries(options);
  if (!options.files_from.empty()) list_ = std::make_unique<LineReader>(options.files_from, options.list_end);
  add_images(options);
  if (!options.coco.empty()) {
    for (auto& box : read_boxes(context, options)) queries_.push_back({std::move(box), ""});
  }
  for (const auto& text : options.texts) queries_.push_back(text_query(text));
}

/// The crops of one image, or whole images.
void QuerySource::add_images(const QueryOptions& options) {
  if (std::ranges::count(options.images, standard_input) > 0) input_ = std::make_unique<InputCopy>();
  for (const auto& image : options.images) {
    const auto path = image == standard_input ? input_->path().string() : image;
    if (options.boxes.empty() && image != standard_input) {
      add_image(image);
      continue;
    }
    if (options.boxes.empty()) queries_.push_back(image_query(image, path));
    for (auto box : options.boxes) {
      const auto id = image + "#" + to_string(box);
      box.margin = options.crop_margin;
      queries_.push_back(image_query(id, path + "#" + place_suffix(box)));
    }
  }
}

void QuerySource::add_image(const std::string& path) {
  if (is_folder(path))
    add_folder(path);
  else
    queries_.push_back(image_query(path, path));
}

/// An unreadable part of a folder is a query that is lost; images found before it stay.
void QuerySource::add_folder(const std::string& path) {
  const auto before = queries_.size();
  const auto prefix = path.ends_with('/') ? path : path + "/";
  try {
    const auto warnings = dataset::walk_images(
        path, [&](const std::string& image) { queries_.push_back(image_query(prefix + image, prefix + image)); });
    for (const auto& warning : warnings) context_.observer.log(LogLevel::warning, warning);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) throw;
    queries_.push_back(lost_query(path, error.what()));
  }
  if (queries_.size() == before) queries_.push_back(lost_query(path, "it is a folder without images"));
}

void QuerySource::add_lines(LineReader::Wait wait) {
  for (const auto& line : list_->read(wait)) add_image(line);
}

std::optional<Query> QuerySource::next() {
  if (queries_.empty() && list_ && !list_->ended()) add_lines(LineReader::Wait::no);
  if (queries_.empty()) return std::nullopt;
  auto query = std::move(queries_.front());
  queries_.pop_front();
  return query;
}

void QuerySource::wait() {
  if (queries_.empty() && list_ && !list_->ended()) add_lines(LineReader::Wait::for_a_line);
}

}  // namespace matcher::pipeline
