#include "matcher/report/audit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t most_rows = 10;  ///< rows of one problem that people see

std::string list_counts(const Counts& counts) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(fmt::format("{} {}", count, name));
  return fmt::format("{}", fmt::join(parts, "; "));
}

/// "id (label)".
std::string with_label(const AuditItem& item) {
  return item.label.empty() ? item.id : fmt::format("{} ({})", item.id, item.label);
}

std::string chance(double p) { return p < 0.0001 ? "p < 0.0001" : fmt::format("p = {:.4f}", p); }

/// Rows of all problems, the gravest first.
class Rows {
 public:
  Rows(Table& table, Format format) : table_(table), all_(format == Format::csv) {}

  /// Adds a problem. `row` makes the cells after the first.
  template <class List, class MakeRow>
  void add(const char* problem, const List& list, const MakeRow& make_row) {
    const auto shown = all_ ? list.size() : std::min(list.size(), most_rows);
    for (std::size_t i = 0; i < shown; ++i) {
      auto cells = make_row(list[i]);
      cells.insert(cells.begin(), problem);
      table_.rows.push_back(std::move(cells));
    }
    if (shown < list.size())
      table_.notes.push_back(fmt::format("{}: {} more; --format json has all", problem, list.size() - shown));
  }

 private:
  Table& table_;
  bool all_;
};

using Cells = std::vector<std::string>;

std::vector<Suspect> likely_of(const Audit& audit) {
  std::vector<Suspect> likely;
  for (const auto& suspect : audit.suspects)
    if (suspect.likely) likely.push_back(suspect);
  return likely;
}

void add_pairs(Rows& rows, const char* problem, const std::vector<SamePair>& pairs, bool two_labels) {
  std::vector<SamePair> some;
  for (const auto& pair : pairs)
    if (pair.has_two_labels() == two_labels) some.push_back(pair);
  rows.add(problem, some, [](const SamePair& pair) {
    return Cells{pair.a.id, pair.a.label, with_label(pair.b),
                 fmt::format("same {}, cosine {:.3f}", name_of(pair.likeness), pair.cosine)};
  });
}

std::string describe_limit(const Audit& a) {
  if (a.limit_separates) return fmt::format(" (cosine of {} or more)", a.limit);
  return fmt::format("; by files only: a fifth or more of the photos have a cosine of {} to another product", a.limit);
}

std::vector<std::string> caption(const Audit& a) {
  std::vector<std::string> lines{
      matcher::describe(a.model),
      fmt::format("dataset {}: {} gallery photos, {} queries, {} products; {} photos were looked at", a.dataset,
                  a.gallery, a.queries, a.products, a.looked_at)};
  if (!a.unusable_kinds.empty()) lines.push_back("cannot be used: " + list_counts(a.unusable_kinds));
  if (!a.skipped.empty()) lines.push_back("files that were skipped: " + list_counts(a.skipped));
  if (a.unlabelled > 0) lines.push_back(fmt::format("photos without a label: {}", a.unlabelled));
  lines.push_back(fmt::format("pairs of equal or nearly equal photos: {} within gallery or queries, {} between both{}",
                              a.duplicates.size(), a.leaks.size(), describe_limit(a)));
  return lines;
}

}  // namespace

Table table_of(const Audit& audit, Format format) {
  Table table{caption(audit), {"problem", "id", "label", "with", "why"}, {}, {}, {"why"}};
  Rows rows(table, format);
  rows.add("wrong label", likely_of(audit), [](const Suspect& s) {
    return Cells{s.item.id, s.item.label, s.suggested,
                 fmt::format("{} of {} neighbours have its label, {}; cosine {:.3f} to {}", s.own, s.seen, chance(s.p),
                             s.cosine, s.nearest.id)};
  });
  add_pairs(rows, "two products", audit.duplicates, true);
  rows.add("unusable", audit.unusable, [](const Unusable& u) { return Cells{u.item.id, u.item.label, "", u.reason}; });
  add_pairs(rows, "leak", audit.leaks, false);
  rows.add("not separable", audit.inseparable, [](const InseparablePair& pair) {
    return Cells{"", pair.a, pair.b,
                 fmt::format("{} of {} photos are nearest to their own product, {:.1f} by chance", pair.own,
                             pair.photos, pair.expected)};
  });
  rows.add("hub", audit.hubs, [](const AuditHub& hub) {
    return Cells{hub.item.id, hub.item.label, "",
                 fmt::format("near {} photos, {} of other products", hub.answers, hub.wrong)};
  });
  rows.add("odd size", audit.odd_sizes, [](const OddSize& odd) {
    return Cells{odd.item.id, odd.item.label, "", fmt::format("{} x {}: {}", odd.width, odd.height, odd.reason)};
  });
  rows.add("one photo", audit.singles, [](const Single& s) {
    return Cells{s.item.id, s.item.label, s.nearest.label,
                 fmt::format("nearest other product: cosine {:.3f}", s.cosine)};
  });
  add_pairs(rows, "duplicate", audit.duplicates, false);
  if (!audit.missing_products.empty())
    table.notes.push_back(fmt::format("products that only queries have: {}", audit.missing_products.size()));
  if (format != Format::csv) add_answer(table, sentence(audit), format);
  return table;
}

}  // namespace matcher::report
