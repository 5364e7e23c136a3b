#include "matcher/core/look_alike.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>

#include "matcher/core/text.hpp"

namespace matcher {
namespace {

constexpr int capitals = UTF8PROC_CASEFOLD, invisible = UTF8PROC_IGNORE, similar = UTF8PROC_COMPAT | UTF8PROC_LUMP,
              every_step = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPCC | capitals | invisible | similar;
constexpr std::size_t longest = 4096;  // utf8proc takes minutes for a megabyte of accents

std::string map_text(std::string_view text, int steps) {
  const auto valid = valid_utf8(text.substr(0, longest));
  utf8proc_uint8_t* mapped = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                                 utf8proc_ssize_t(valid.size()), &mapped, utf8proc_option_t(steps));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  return size < 0 ? valid : std::string(reinterpret_cast<const char*>(mapped), std::size_t(size));
}

/// Single spaces, none at the ends.
std::string join_words(std::string_view text) {
  std::string joined;
  for (const char c : text) {
    if (c != ' ' || (!joined.empty() && joined.back() != ' ')) joined += c;
  }
  if (!joined.empty() && joined.back() == ' ') joined.pop_back();
  return joined;
}

std::string composed(std::string_view text) { return map_text(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }

const char* unicode_form(std::string_view text) { return text == composed(text) ? "NFC" : "NFD"; }

/// A difference is one without whose removal the texts would still differ.
std::string difference_of(std::string_view one, std::string_view other) {
  const auto differ = [&](int steps) { return join_words(map_text(one, steps)) != join_words(map_text(other, steps)); };
  const std::string form = unicode_form(one), other_form = unicode_form(other);
  std::vector<std::string> found;
  if (form != other_form) found.push_back(fmt::format("their Unicode form ({}, {})", form, other_form));
  if (differ(every_step & ~capitals)) found.emplace_back("capitals");
  if (map_text(one, every_step) != map_text(other, every_step)) found.emplace_back("spaces");
  if (differ(every_step & ~invisible)) found.emplace_back("invisible characters");
  if (found.empty()) found.emplace_back("characters that look the same");
  return fmt::format("{}", fmt::join(found, " and "));
}

}  // namespace

std::string visible_form(std::string_view text) { return join_words(map_text(text, every_step)); }

std::vector<LookAlike> find_look_alikes(const std::set<std::string_view>& texts,
                                        const std::set<std::string_view>& known) {
  std::vector<LookAlike> pairs;
  std::map<std::string, std::string_view> by_form;
  for (const auto text : texts) {
    if (text.empty() || known.contains(text)) continue;
    if (by_form.empty()) {
      for (const auto other : known) by_form.try_emplace(visible_form(other), other);
    }
    const auto found = by_form.find(visible_form(text));
    if (found == by_form.end() || found->second.empty()) continue;
    pairs.push_back({std::string(text), std::string(found->second), difference_of(text, found->second)});
  }
  return pairs;
}

std::string describe_differences(const std::vector<LookAlike>& pairs, std::string_view place,
                                 std::string_view other_place) {
  std::vector<std::string> clauses;
  for (const auto& [one, other, difference] : pairs) {
    if (clauses.size() == 2) break;
    const auto form =
        clauses.empty() ? "\"{0}\" of the {3} and \"{1}\" of the {4} differ in {2}" : "\"{0}\" and \"{1}\" in {2}";
    clauses.push_back(fmt::format(fmt::runtime(form), one, other, difference, place, other_place));
  }
  return fmt::format("{}", fmt::join(clauses, "; "));
}

}  // namespace matcher
