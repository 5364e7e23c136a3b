// Reference: the `tokenizers` library 0.23, which transformers' CLIPTokenizer uses. Its parts follow different versions
// of Unicode: normal form C 9.0, letters and numbers 16.0, lower case 17.0. Debian 12's utf8proc follows 15.0. The
// tables below cover the difference, so that the same text has the same tokens. A later utf8proc does no harm.
#include "matcher/model/text/clip_words.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <span>

#include "matcher/core/error.hpp"

namespace matcher::model {
namespace {

using Point = std::int32_t;

struct Range {
  Point first, last;
};

// Combining marks of Unicode 10 and later, and the one later character that consists of two, with its second half.
// Normal form C of 9.0 does not know them: they do not decompose, and no character composes with them or moves past.
constexpr Range inert[] = {
    {0x7fd, 0x7fd},     {0x898, 0x89f},     {0x8ca, 0x8d3},     {0x9fe, 0x9fe},     {0xc3c, 0xc3c},
    {0xd3b, 0xd3c},     {0xeba, 0xeba},     {0x1715, 0x1715},   {0x1abf, 0x1ace},   {0x1df6, 0x1dfa},
    {0xa82c, 0xa82c},   {0x10d24, 0x10d27}, {0x10eab, 0x10eac}, {0x10efd, 0x10eff}, {0x10f46, 0x10f50},
    {0x10f82, 0x10f85}, {0x11070, 0x11070}, {0x1133b, 0x1133b}, {0x1145e, 0x1145e}, {0x11839, 0x1183a},
    {0x11930, 0x11930}, {0x11938, 0x11938}, {0x1193d, 0x1193e}, {0x11943, 0x11943}, {0x119e0, 0x119e0},
    {0x11a34, 0x11a34}, {0x11a47, 0x11a47}, {0x11a99, 0x11a99}, {0x11d42, 0x11d42}, {0x11d44, 0x11d45},
    {0x11d97, 0x11d97}, {0x11f41, 0x11f42}, {0x16ff0, 0x16ff1}, {0x1e08f, 0x1e08f}, {0x1e130, 0x1e136},
    {0x1e2ae, 0x1e2ae}, {0x1e2ec, 0x1e2ef}, {0x1e4ec, 0x1e4ef},
};

constexpr Range late_letters[] = {
    {0x1c89, 0x1c8a},   {0xa7cb, 0xa7cd},   {0xa7da, 0xa7dc},   {0x105c0, 0x105f3}, {0x10d4a, 0x10d65},
    {0x10d6f, 0x10d85}, {0x10ec2, 0x10ec4}, {0x11380, 0x11389}, {0x1138b, 0x1138b}, {0x1138e, 0x1138e},
    {0x11390, 0x113b5}, {0x113b7, 0x113b7}, {0x113d1, 0x113d1}, {0x113d3, 0x113d3}, {0x11bc0, 0x11be0},
    {0x13460, 0x143fa}, {0x16100, 0x1611d}, {0x16d40, 0x16d6c}, {0x18cff, 0x18cff}, {0x1e5d0, 0x1e5ed},
    {0x1e5f0, 0x1e5f0}, {0x2ebf0, 0x2ee5d},
};
constexpr Range late_numbers[] = {
    {0x10d40, 0x10d49}, {0x116d0, 0x116e3}, {0x11bf0, 0x11bf9}, {0x16130, 0x16139},
    {0x16d70, 0x16d79}, {0x1ccf0, 0x1ccf9}, {0x1e5f1, 0x1e5fa},
};

struct LateCase {
  Range upper;
  Point offset;  // from upper to lower case
};
constexpr LateCase late_case[] = {
    {{0x1c89, 0x1c89}, 1},      {{0xa7cb, 0xa7cb}, 0x264 - 0xa7cb},
    {{0xa7cc, 0xa7cc}, 1},      {{0xa7ce, 0xa7ce}, 1},
    {{0xa7d2, 0xa7d2}, 1},      {{0xa7d4, 0xa7d4}, 1},
    {{0xa7da, 0xa7da}, 1},      {{0xa7dc, 0xa7dc}, 0x19b - 0xa7dc},
    {{0x10d50, 0x10d65}, 0x20}, {{0x16ea0, 0x16eb8}, 0x1b},
};

constexpr Point first_combining = 0x300;  // everything below is in normal form C
constexpr Point first_late = 0x7fd;

bool within(std::span<const Range> ranges, Point point) {
  return std::ranges::any_of(ranges, [&](const Range& r) { return r.first <= point && point <= r.last; });
}

bool is_inert(Point point) { return point >= first_late && within(inert, point); }

std::vector<Point> decomposed(const std::vector<Point>& points) {
  constexpr std::size_t longest = 32;  // no character decomposes into more than 4
  std::vector<Point> parts;
  parts.reserve(points.size());
  for (const auto point : points) {
    if (is_inert(point)) {
      parts.push_back(point);
      continue;
    }
    Point part[longest];
    const auto count = utf8proc_decompose_char(point, part, longest, UTF8PROC_DECOMPOSE, nullptr);
    parts.insert(parts.end(), part, part + count);
  }
  return parts;
}

int combining_class(Point point) { return utf8proc_get_property(point)->combining_class; }

/// Puts marks in canonical order. utf8proc uses insertion sort, which takes minutes for a megabyte of marks.
void sort_marks(std::span<Point> points) {
  const auto is_mark = [](Point point) { return combining_class(point) != 0; };
  for (auto at = points.begin(); at != points.end();) {
    const auto first = std::find_if(at, points.end(), is_mark);
    at = std::find_if_not(first, points.end(), is_mark);
    std::stable_sort(first, at, [](Point a, Point b) { return combining_class(a) < combining_class(b); });
  }
}

/// Sorts and composes the code points between two inert characters; returns how many remain.
std::size_t compose(std::span<Point> points) {
  sort_marks(points);
  const auto options = utf8proc_option_t(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  return std::size_t(utf8proc_normalize_utf32(points.data(), utf8proc_ssize_t(points.size()), options));
}

std::vector<Point> composed(std::vector<Point> points) {
  std::vector<Point> result;
  result.reserve(points.size());
  for (auto at = points.begin(); at != points.end();) {
    const auto end = std::find_if(at, points.end(), is_inert);
    result.insert(result.end(), at, at + std::ptrdiff_t(compose({at, end})));
    at = end;
    if (at != points.end()) result.push_back(*at++);
  }
  return result;
}

Point lower(Point point) {
  if (point < 0x80) return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
  if (point < first_late) return utf8proc_tolower(point);
  for (const auto& [upper, offset] : late_case) {
    if (within({&upper, 1}, point)) return point + offset;
  }
  return utf8proc_tolower(point);
}

void append_lower(std::vector<Point>& points, Point point) {
  constexpr Point dotted_capital_i = 0x130, dot_above = 0x307;  // the only letter that becomes two code points
  points.push_back(point == dotted_capital_i ? 'i' : lower(point));
  if (point == dotted_capital_i) points.push_back(dot_above);
}

enum class Kind { space, letter, number, other };

Kind kind_of_ascii(Point point) {
  if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z')) return Kind::letter;
  if (point >= '0' && point <= '9') return Kind::number;
  return point == ' ' || (point >= '\t' && point <= '\r') ? Kind::space : Kind::other;
}

Kind kind_of_unassigned(Point point) {
  if (within(late_letters, point)) return Kind::letter;
  return within(late_numbers, point) ? Kind::number : Kind::other;
}

Kind kind_of(Point point) {
  constexpr Point next_line = 0x85;  // a control character that counts as white space
  if (point < 0x80) return kind_of_ascii(point);
  const auto category = utf8proc_category(point);
  if (category == UTF8PROC_CATEGORY_CN) return kind_of_unassigned(point);
  if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) return Kind::letter;
  if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO) return Kind::number;
  const bool space = category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP;
  return space || point == next_line ? Kind::space : Kind::other;
}

bool starts_with(std::span<const Point> points, std::string_view ascii) {
  return points.size() >= ascii.size() && std::equal(ascii.begin(), ascii.end(), points.begin());
}

std::size_t contraction_length(std::span<const Point> points) {
  for (const std::string_view word : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
    if (starts_with(points, word)) return word.size();
  }
  return 0;
}

/// CLIP's pattern contains the special tokens, so a new word starts after each. Only those that were written with
/// capital letters get here: the tokenizer cuts out the others first.
std::size_t special_length(std::span<const Point> points) {
  for (const std::string_view name : {"<|startoftext|>", "<|endoftext|>"}) {
    if (starts_with(points, name)) return name.size();
  }
  return 0;
}

void append_utf8(std::string& text, Point point) {
  if (point < 0x80) {
    text += char(point);
    return;
  }
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(point, bytes);
  text.append(reinterpret_cast<const char*>(bytes), std::size_t(size));
}

}  // namespace

std::vector<Point> code_points(std::string_view text) {
  std::vector<Point> points;
  points.reserve(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    Point point = bytes[at];
    at += point < 0x80 ? 1 : std::size_t(utf8proc_iterate(bytes + at, utf8proc_ssize_t(text.size() - at), &point));
    points.push_back(point);
  }
  return points;
}

std::string to_utf8(const std::vector<Point>& points) {
  std::string text;
  text.reserve(points.size());
  for (const auto point : points) append_utf8(text, point);
  return text;
}

void check_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    Point point = 0;
    const auto size = bytes[at] < 0x80 ? 1 : utf8proc_iterate(bytes + at, utf8proc_ssize_t(text.size() - at), &point);
    if (size < 0) {
      throw Error(ErrorCode::input, fmt::format("the text is not UTF-8: byte {} of {} is {:#04x}, which is invalid "
                                                "there; convert the text to UTF-8",
                                                at + 1, text.size(), bytes[at]));
    }
    at += std::size_t(size);
  }
}

std::vector<Point> normalised(std::string_view text) {
  auto points = code_points(text);
  if (std::ranges::any_of(points, [](Point point) { return point >= first_combining; }))
    points = composed(decomposed(points));
  std::vector<Point> result;
  result.reserve(points.size());
  for (const auto point : points) append_lower(result, point);
  return result;
}

std::optional<std::string_view> Words::next() {
  while (at_ < points_.size() && kind_of(points_[at_]) == Kind::space) ++at_;
  if (at_ == points_.size()) return std::nullopt;
  word_.clear();
  for (const auto end = word_end(); at_ < end; ++at_) append_utf8(word_, points_[at_]);
  return word_;
}

std::size_t Words::word_end() {
  const auto rest = std::span(points_).subspan(at_);
  if (const auto length = special_length(rest)) boundary_ = at_ + length;
  if (const auto length = contraction_length(rest)) return at_ + length;
  const auto kind = kind_of(rest.front());
  if (kind == Kind::number) return at_ + 1;
  const auto end = boundary_ > at_ ? boundary_ : points_.size();
  auto next = at_ + 1;
  while (next < end && kind_of(points_[next]) == kind) ++next;
  return next;
}

}  // namespace matcher::model
