#include "matcher/report/tables/comparison/changes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace matcher::report {
namespace {

constexpr const char *broken = "broken", *fixed = "fixed";

bool has_changes(const Comparison& c) {
  return std::ranges::any_of(c.rows, [](const Row& row) {
    return !row.gains.empty() && (!row.changes.broken.empty() || !row.changes.fixed.empty());
  });
}

Column count_column(const char* name, std::vector<Change> Changes::*kind) {
  return {name,
          [kind](const Row& row) { return row.gains.empty() ? "" : fmt::format("{}", (row.changes.*kind).size()); }};
}

/// Counts, because the columns of a narrow terminal may leave them out.
std::string describe(const Comparison& c) {
  std::vector<std::size_t> broken_counts, fixed_counts;
  for (const auto& row : c.rows) {
    if (row.gains.empty()) continue;
    broken_counts.push_back(row.changes.broken.size());
    fixed_counts.push_back(row.changes.fixed.size());
  }
  const auto text = [](std::size_t count) { return fmt::format("{}", count); };
  return fmt::format("first answers newly broken: {}{}, newly fixed: {}", range_of(broken_counts, text),
                     broken_counts.size() > 1 ? " per model" : "", range_of(fixed_counts, text));
}

std::string said(const Answered& answered) { return answered.id.empty() ? "nothing" : answered.name; }

void list(std::vector<std::string>& notes, const std::string& model, const char* kind,
          const std::vector<Change>& changes) {
  if (!changes.empty()) notes.push_back(fmt::format("{}: {} newly {}", model, changes.size(), kind));
  for (const auto& change : changes)
    notes.push_back(
        fmt::format("  {}: baseline said {}, now says {}", change.id, said(change.before), said(change.after)));
}

}  // namespace

std::vector<Column> change_columns(const Comparison& c, bool always) {
  if (!always && !has_changes(c)) return {};
  return {count_column(broken, &Changes::broken), count_column(fixed, &Changes::fixed)};
}

std::vector<std::string> minor_change_columns() { return {fixed, broken}; }

std::vector<std::string> change_notes(const Comparison& c, bool listed) {
  if (!has_changes(c)) return {};
  std::vector<std::string> notes{describe(c) + (listed ? "" : "; --changes lists them")};
  for (const auto& row : c.rows) {
    if (!listed) break;
    list(notes, name_of(row, c), broken, row.changes.broken);
    list(notes, name_of(row, c), fixed, row.changes.fixed);
  }
  return notes;
}

}  // namespace matcher::report
