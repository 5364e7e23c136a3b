#include "matcher/core/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <span>
#include <utility>

namespace matcher {
namespace {

/// Computes Levenshtein's distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  const auto limit = std::max<std::size_t>(2, name.size() / 3);
  std::string best;
  std::size_t best_distance = limit + 1;
  for (const auto& candidate : candidates) {
    if (const auto distance = edit_distance(name, candidate); distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string name_hint(std::string_view name, const std::vector<std::string>& candidates) {
  if (const auto near = nearest_name(name, candidates); !near.empty()) {
    return fmt::format("; did you mean \"{}\"?", near);
  }
  if (candidates.empty()) return {};
  constexpr std::size_t most = 20;
  const auto listed = std::span(candidates).first(std::min(most, candidates.size()));
  const auto left = candidates.size() - listed.size();
  return fmt::format("; known: {}{}", fmt::join(listed, ", "), left > 0 ? fmt::format(" and {} more", left) : "");
}

std::string short_fingerprint(std::string_view fingerprint) { return std::string(fingerprint.substr(0, 8)); }

std::string file_name_of(std::string_view name) {
  std::string out(name);
  const auto safe = [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-'; };
  std::replace_if(
      out.begin(), out.end(), [&](char c) { return !safe(static_cast<unsigned char>(c)); }, '_');
  return out;
}

}  // namespace matcher
