#include "matcher/files/content_place.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/read_file.hpp"

namespace matcher {
namespace {

struct Part {
  std::uint64_t offset = 0, size = 0;
};

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(value) : std::nullopt;
}

/// Parses "1536+20480".
std::optional<Part> parse_part(std::string_view text) {
  const auto plus = text.find('+');
  if (plus == std::string_view::npos) return std::nullopt;
  const auto offset = parse_whole(text.substr(0, plus)), size = parse_whole(text.substr(plus + 1));
  return offset && size ? std::optional(Part{*offset, *size}) : std::nullopt;
}

/// Moves the box at the end of `path` to the place.
void take_box(std::string& path, ContentPlace& place) {
  const auto mark = path.rfind('#');
  if (mark == std::string::npos) return;
  place.box = parse_box(std::string_view(path).substr(mark + 1));
  if (place.box && path_exists(path)) place.box.reset();
  if (place.box) path.resize(mark);
}

void take_part(std::string& path, ContentPlace& place) {
  const auto mark = path.rfind('@');
  if (mark == std::string::npos) return;
  const auto part = parse_part(std::string_view(path).substr(mark + 1));
  if (!part || path_exists(path)) return;
  place.offset = part->offset;
  place.size = part->size;
  path.resize(mark);
}

}  // namespace

std::string ContentPlace::photo() const {
  return size ? fmt::format("{}@{}+{}", file.string(), offset, *size) : file.string();
}

ContentPlace parse_place(const std::string& path) {
  ContentPlace place;
  auto rest = path;
  take_box(rest, place);
  take_part(rest, place);
  place.file = std::move(rest);
  return place;
}

std::vector<std::byte> read_content(const ContentPlace& place) {
  if (!place.size) return read_bytes(place.file);
  auto in = open_for_reading(place.file);
  std::error_code ignored;
  const auto end = std::filesystem::file_size(place.file, ignored);
  if (place.offset > end || *place.size > end - place.offset) {
    throw Error(ErrorCode::input,
                fmt::format("cannot read \"{}\": the file has {} bytes, and the image ends at {}. Fetch it again",
                            place.file.string(), end, place.offset + *place.size));
  }
  std::vector<std::byte> bytes(*place.size);
  in.seekg(std::streamoff(place.offset));
  in.read(reinterpret_cast<char*>(bytes.data()), std::streamsize(bytes.size()));
  if (std::size_t(in.gcount()) == bytes.size()) return bytes;
  throw Error(ErrorCode::input,
              fmt::format("cannot read \"{}\": the disk returned less than the file has", place.file.string()));
}

}  // namespace matcher
