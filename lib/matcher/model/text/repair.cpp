#include "matcher/model/text/repair.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace matcher::model {
namespace {

using Point = std::int32_t;
using Points = std::vector<Point>;

constexpr std::array entities{
    std::pair{std::string_view("amp"), Point('&')},   std::pair{std::string_view("lt"), Point('<')},
    std::pair{std::string_view("gt"), Point('>')},    std::pair{std::string_view("quot"), Point('"')},
    std::pair{std::string_view("apos"), Point('\'')}, std::pair{std::string_view("nbsp"), Point(0xa0)}};

/// Returns the code point of "#39" or "#x27"; nothing if it is none.
std::optional<Point> numeric(std::string_view name) {
  const bool is_hex = name.size() > 2 && (name[1] == 'x' || name[1] == 'X');
  const auto* begin = name.data() + (is_hex ? 2 : 1);
  const auto* end = name.data() + name.size();
  std::uint32_t point = 0;
  const auto [at, error] = std::from_chars(begin, end, point, is_hex ? 16 : 10);
  const bool is_point = error == std::errc() && at == end && utf8proc_codepoint_valid(Point(point)) && point >= 0x20;
  return is_point ? std::optional(Point(point)) : std::nullopt;
}

std::optional<Point> find_entity(std::string_view name) {
  if (name.starts_with('#')) return numeric(name);
  const auto* found = std::ranges::find(entities, name, [](const auto& entity) { return entity.first; });
  return found == entities.end() ? std::nullopt : std::optional(found->second);
}

/// Reads the name between "&" and ";"; "" if there is none.
std::string entity_at(const Points& points, std::size_t at) {
  constexpr std::size_t longest = 10;
  std::string name;
  for (auto i = at + 1; i < points.size() && name.size() < longest; ++i) {
    if (points[i] == ';') return name;
    if (points[i] >= 0x80) return {};
    name += char(points[i]);
  }
  return {};
}

Points unescape(const Points& points) {
  Points result;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto name = points[i] == '&' ? entity_at(points, i) : std::string();
    const auto entity = name.empty() ? std::nullopt : find_entity(name);
    result.push_back(entity.value_or(points[i]));
    if (entity) i += name.size() + 1;
  }
  return result;
}

Point straight(Point point) {
  if (point == 0x2bc || (point >= 0x2018 && point <= 0x201b)) return '\'';
  return point >= 0x201c && point <= 0x201f ? '"' : point;
}

/// Appends the letters of a ligature or a full-width character; otherwise the character.
void append_plain(Points& result, Point point) {
  const bool is_wide = point >= 0xff01 && point <= 0xffef, is_ligature = point >= 0xfb00 && point <= 0xfb06;
  if (point == 0x3000) return result.push_back(' ');
  if (!is_wide && !is_ligature) return result.push_back(straight(point));
  Point parts[8];
  const auto count =
      utf8proc_decompose_char(point, parts, 8, utf8proc_option_t(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE), nullptr);
  result.insert(result.end(), parts, parts + std::max<utf8proc_ssize_t>(count, 0));
}

bool is_control(Point point) {
  const bool is_space = point == '\t' || point == '\n' || point == '\f' || point == '\r';
  return (point < 0x20 && !is_space) || point == 0x7f || point == 0xfeff || (point >= 0x206a && point <= 0x206f) ||
         (point >= 0xfff9 && point <= 0xfffc);
}

Points composed(const Points& points) {
  const auto options = utf8proc_option_t(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  Points parts;
  for (const auto point : points) {
    Point part[32];
    const auto count = utf8proc_decompose_char(point, part, 32, UTF8PROC_DECOMPOSE, nullptr);
    parts.insert(parts.end(), part, part + std::max<utf8proc_ssize_t>(count, 0));
  }
  parts.resize(std::size_t(utf8proc_normalize_utf32(parts.data(), utf8proc_ssize_t(parts.size()), options)));
  return parts;
}

}  // namespace

Points repair(Points points) {
  // ftfy leaves entities alone in a text that has "<".
  if (std::ranges::find(points, Point('<')) == points.end()) points = unescape(points);
  std::erase_if(points, is_control);
  Points plain;
  for (const auto point : points) append_plain(plain, point);
  return unescape(unescape(composed(plain)));
}

}  // namespace matcher::model
