// Tar shards as WebDataset writes them: files of one name before the first dot are one sample, such as 0001.jpg with
// 0001.cls, 0001.txt or 0001.json. Images are read in place.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/formats/formats.hpp"
#include "matcher/dataset/formats/json_text.hpp"
#include "matcher/dataset/formats/other_columns.hpp"
#include "matcher/dataset/formats/tar_file.hpp"
#include "matcher/dataset/image_name.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::dataset {

namespace fs = std::filesystem;

namespace {

bool is_tar_name(const fs::path& path) {
  const auto name = lower_case(path.filename().string());
  return name.ends_with(".tar") || name.ends_with(".tar.gz") || name.ends_with(".tgz");
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// "a/0001" of "a/0001.left.jpg".
std::string_view key_of(std::string_view name) {
  const auto slash = name.rfind('/');
  const auto start = slash == std::string_view::npos ? 0 : slash + 1;
  return name.substr(0, std::min(name.find('.', start), name.size()));
}

/// The files of one sample.
struct Sample {
  std::string key, label, text, json;
  std::vector<TarMember> images;
};

class ShardReader {
 public:
  ShardReader(const Source& source, const fs::path& shard, const std::string& id, Sink& sink)
      : source_(source), path_(shard.string()), id_(id), file_(path_), split_(source.split), sink_(sink) {}

  /// Returns the number of images.
  std::size_t read() {
    const TarFile tar(path_);
    tar.for_each([&](const TarMember& member) { take(member); });
    emit();
    if (!tar.has_end())
      sink_.warn(fmt::format("\"{}\" ends without the mark that tar writes: it may be cut short", path_));
    if (unused_ > 0)
      sink_.warn(fmt::format("\"{}\": {} file{} without an image {} left out", path_, unused_, unused_ == 1 ? "" : "s",
                             unused_ == 1 ? "was" : "were"));
    return images_;
  }

 private:
  void take(const TarMember& member) {
    const auto base = fs::path(member.name).filename().string();
    if (base.starts_with('.')) return;
    if (key_of(member.name) != sample_.key) {
      emit();
      sample_.key = key_of(member.name);
    }
    ++files_;
    if (is_image_name(member.name)) {
      sample_.images.push_back(member);
      return;
    }
    const auto extension = lower_case(fs::path(member.name).extension().string());
    if (extension == ".cls") sample_.label = trimmed(member.bytes);
    if (extension == ".txt") sample_.text = trimmed(member.bytes);
    if (extension == ".json") sample_.json = member.bytes;
  }

  /// The value of the sample's .json for a word; columns may name another key.
  std::string value(const Json& json, const char* word) const {
    const auto found = source_.columns.find(word);
    return json_text(json[found == source_.columns.end() ? word : found->second]);
  }

  Item describe_sample() {
    Item item;
    item.label = sample_.label;
    item.text = sample_.text;
    item.source = file_;
    if (!sample_.json.empty()) {
      const auto json = parse_json(parser_, sample_.json, fmt::format("\"{}\": {}.json", path_, sample_.key));
      if (json.is_object()) {
        if (item.label.empty()) item.label = value(json, "label");
        if (item.text.empty()) item.text = value(json, "text");
        item.split = value(json, "split");
        item.view = value(json, "view");
        item.category = value(json, "category");
        item.group = value(json, "group");
        if (auto others = sink_.keeps_columns() ? read_other_keys(json, source_.columns) : ColumnValues();
            !others.empty())
          item.others.edit() = std::move(others);
      }
    }
    if (item.label.empty()) item.label = sample_.text;
    if (item.split.empty()) item.split = split_;
    return item;
  }

  void emit() {
    if (sample_.images.empty()) unused_ += files_;
    if (!sample_.images.empty()) {
      const auto common = describe_sample();
      for (const auto& image : sample_.images) {
        Item item = common;
        item.path = fmt::format("{}@{}+{}", path_, image.offset, image.size);
        item.id = id_ + "/" + image.name;
        sink_.add(std::move(item));
        ++images_;
      }
    }
    sample_ = {};
    files_ = 0;
  }

  const Source& source_;
  std::string path_, id_;
  SharedText file_, split_;
  Sink& sink_;
  simdjson::dom::parser parser_;
  Sample sample_;
  std::size_t files_ = 0, unused_ = 0, images_ = 0;
};

/// "a-{000..002}.tar" -> a-000.tar, a-001.tar, a-002.tar: as WebDataset names shards.
std::vector<std::string> expand_range(const std::string& path) {
  const auto open = path.find('{'), close = path.find('}'), dots = path.find("..", open);
  if (open == std::string::npos || close == std::string::npos || dots > close) return {path};
  const auto first = path.substr(open + 1, dots - open - 1), last = path.substr(dots + 2, close - dots - 2);
  std::size_t from = 0, to = 0;
  std::from_chars(first.data(), first.data() + first.size(), from);
  std::from_chars(last.data(), last.data() + last.size(), to);
  if (to < from || to - from > 1'000'000)
    throw Error(ErrorCode::input, fmt::format("\"{}\": the range of shards must rise", path));
  std::vector<std::string> all;
  for (auto i = from; i <= to; ++i)
    all.push_back(fmt::format("{}{:0{}}{}", path.substr(0, open), i, first.size(), path.substr(close + 1)));
  return all;
}

std::vector<std::string> tars_in(const fs::path& root, const std::string& folder) {
  std::vector<std::string> found;
  for (const auto& entry : list_folder(root / folder))
    if (is_tar_name(entry) && is_file(entry))
      found.push_back((fs::path(folder) / entry.filename()).lexically_normal().string());
  return found;
}

void read_tar_shards(const Source& source, const fs::path& root, Sink& sink) {
  const auto shards = is_folder(root / source.path) ? tars_in(root, source.path) : expand_range(source.path);
  std::size_t images = 0;
  for (const auto& shard : shards) {
    const auto path = (root / shard).lexically_normal();
    if (!path_exists(path))
      throw Error(ErrorCode::input, fmt::format("the shard \"{}\" {}", path.string(), why_missing(path)));
    images += ShardReader(source, path, fs::path(shard).generic_string(), sink).read();
  }
  if (images == 0)
    throw Error(ErrorCode::input, fmt::format("\"{}\" holds no image (jpg, jpeg, png, webp, bmp, tif, tiff)",
                                              (root / source.path).lexically_normal().string()));
}

Source describe_place(const std::string& path, const Columns& columns) {
  Source source;
  source.format = "tar";
  source.path = path;
  source.columns = columns;
  return source;
}

/// True for a folder with shards and without images of its own.
bool has_shards(const fs::path& folder) {
  std::error_code error;
  bool found = false;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (is_image_name(it->path())) return false;
    found = found || is_tar_name(it->path());
  }
  return found;
}

std::vector<Source> describe_tar_folder(const Place& place) {
  std::vector<Source> sources;
  for (const auto& folder : place.splits()) {
    if (!has_shards(place.path() / folder)) return {};
    auto source = describe_place(folder, place.columns());
    if (folder != ".") source.split = folder;
    sources.push_back(source);
  }
  return sources;
}

std::vector<Source> describe_tar_shards(const Place& place) {
  if (is_folder(place.path())) return describe_tar_folder(place);
  if (!is_tar_name(place.path())) return {};
  return {describe_place(place.path().filename().string(), place.columns())};
}

}  // namespace

const Format tar_shards_format{{"tar", true}, describe_tar_shards, read_tar_shards};

}  // namespace matcher::dataset
