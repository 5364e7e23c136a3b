// Reference: canonicalize_text() of transformers' SiglipTokenizer, and Python's str.lower() and re's white space.
#include "matcher/model/text/cleaning.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "matcher/model/text/clip_words.hpp"
#include "matcher/model/text/repair.hpp"

namespace matcher::model {
namespace {

using Point = std::int32_t;
using Points = std::vector<Point>;

constexpr std::array names{std::pair{Cleaning::siglip, std::string_view("siglip")},
                           std::pair{Cleaning::canonicalize, std::string_view("canonicalize")},
                           std::pair{Cleaning::lower, std::string_view("lower")},
                           std::pair{Cleaning::whitespace, std::string_view("whitespace")}};

bool is_punctuation(Point point) {
  return (point >= '!' && point <= '/') || (point >= ':' && point <= '@') || (point >= '[' && point <= '`') ||
         (point >= '{' && point <= '~');
}

/// White space of Python's `re`.
bool is_space(Point point) {
  if (point < 0x80) return point == ' ' || (point >= '\t' && point <= '\r') || (point >= 0x1c && point <= 0x1f);
  const auto category = utf8proc_category(point);
  return point == 0x85 || (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

bool has_case(Point point) {
  const auto category = utf8proc_category(point);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LT ||
         utf8proc_tolower(point) != point || utf8proc_toupper(point) != point;
}

/// True for characters between letters that do not end a word, such as marks and apostrophes.
bool is_ignored_by_case(Point point) {
  constexpr std::array signs{Point('\''), Point('.'),    Point(':'),   Point('^'),  Point('`'),
                             Point(0xa8), Point(0xad),   Point(0xaf),  Point(0xb4), Point(0xb7),
                             Point(0xb8), Point(0x2019), Point(0x2018)};
  const auto category = utf8proc_category(point);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_SK ||
         std::ranges::find(signs, point) != signs.end();
}

template <class Iterator>
bool next_has_case(Iterator at, Iterator end) {
  at = std::find_if_not(at, end, is_ignored_by_case);
  return at != end && has_case(*at);
}

/// True if a capital sigma ends a word.
bool is_final(const Points& points, std::size_t at) {
  const auto here = points.begin() + std::ptrdiff_t(at);
  return next_has_case(std::make_reverse_iterator(here), points.rend()) && !next_has_case(here + 1, points.end());
}

Points lower_case(const Points& points) {
  constexpr Point capital_sigma = 0x3a3, sigma = 0x3c3, final_sigma = 0x3c2, dotted_capital_i = 0x130,
                  dot_above = 0x307;
  Points lower;
  lower.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i] == capital_sigma) {
      lower.push_back(is_final(points, i) ? final_sigma : sigma);
    } else if (points[i] == dotted_capital_i) {
      lower.insert(lower.end(), {'i', dot_above});
    } else {
      lower.push_back(utf8proc_tolower(points[i]));
    }
  }
  return lower;
}

/// One space for each run of white space, none at the ends.
Points spaced(const Points& points) {
  Points result;
  for (const auto point : points) {
    if (!is_space(point))
      result.push_back(point);
    else if (!result.empty() && result.back() != ' ')
      result.push_back(' ');
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

}  // namespace

std::string_view to_string(Cleaning cleaning) {
  return std::ranges::find(names, cleaning, [](const auto& name) { return name.first; })->second;
}

std::optional<Cleaning> find_cleaning(std::string_view name) {
  const auto* found = std::ranges::find(names, name, [](const auto& known) { return known.second; });
  return found == names.end() ? std::nullopt : std::optional(found->first);
}

std::string clean(std::string_view text, Cleaning cleaning) {
  check_utf8(text);
  auto points = code_points(text);
  if (cleaning != Cleaning::siglip) points = repair(std::move(points));
  if (cleaning == Cleaning::canonicalize) std::ranges::replace(points, Point('_'), Point(' '));
  if (cleaning != Cleaning::whitespace) points = lower_case(points);
  if (cleaning == Cleaning::siglip || cleaning == Cleaning::canonicalize) std::erase_if(points, is_punctuation);
  return to_utf8(spaced(points));
}

}  // namespace matcher::model
