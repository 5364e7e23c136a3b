#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "matcher/report/escape.hpp"
#include "matcher/report/page/markup.hpp"
#include "matcher/report/page/page.hpp"
#include "matcher/report/page/photos.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t most_cards = 60;  ///< per section
constexpr std::size_t most_rows = 200;  ///< rows per table

/// Draws cards; products have their names for people.
class Cards {
 public:
  Cards(const Audit& audit, const Thumbnails& thumbnails) : audit_(audit), thumbnails_(thumbnails) {}

  std::string photo(const std::string& title, const AuditItem& item, std::string note = {}) const {
    const auto& name = item.label.empty() ? item.id : label(item.label);
    return draw({title, name, std::move(note), item.path, {}}, thumbnails_);
  }
  const std::string& label(const std::string& label) const { return name_of(audit_, label); }

 private:
  const Audit& audit_;
  const Thumbnails& thumbnails_;
};

std::vector<const Suspect*> shown_suspects(const Audit& audit) {
  std::vector<const Suspect*> shown;
  for (const auto& suspect : audit.suspects)
    if (suspect.likely && shown.size() < most_cards) shown.push_back(&suspect);
  return shown;
}

/// Pairs that a section shows: photos of two products, or between gallery and queries.
std::vector<const SamePair*> shown_pairs(const std::vector<SamePair>& pairs, bool two_labels) {
  std::vector<const SamePair*> shown;
  for (const auto& pair : pairs)
    if (pair.has_two_labels() == two_labels && shown.size() < most_cards) shown.push_back(&pair);
  return shown;
}

std::string card_of(const Suspect& s, const Cards& cards) {
  const auto photos =
      cards.photo("photo", s.item) + cards.photo("nearest", s.nearest, fmt::format("cosine {:.3f}", s.cosine));
  const auto heading = fmt::format("{}, or {}?", cards.label(s.item.label), cards.label(s.suggested));
  return card("", escape_xml(heading), photos,
              fmt::format("{}: {} of its {} nearest photos have its label; p = {:.2g}", s.item.id, s.own, s.seen, s.p));
}

std::string card_of(const SamePair& pair, const Cards& cards) {
  const auto photos = cards.photo(pair.a.role, pair.a) + cards.photo(pair.b.role, pair.b);
  const auto heading = pair.has_two_labels()
                           ? fmt::format("{} and {}", cards.label(pair.a.label), cards.label(pair.b.label))
                           : cards.label(pair.a.label);
  return card(
      "", escape_xml(heading), photos,
      fmt::format("same {}, cosine {:.3f}: {} and {}", name_of(pair.likeness), pair.cosine, pair.a.id, pair.b.id));
}

template <class Shown>
std::string list_cards(const Shown& shown, const Cards& cards) {
  std::string list;
  for (const auto* one : shown) list += card_of(*one, cards);
  return "<div class=\"cards pairs\">\n" + list + "</div>\n";
}

std::string about(std::size_t shown, std::size_t all, const std::string& what) {
  if (shown == all) return paragraph(fmt::format("{} {}.", all, what));
  return paragraph(fmt::format("The first {} of {} {}. --format json has all.", shown, all, what));
}

std::string pairs_section(const char* id, const char* title, const std::vector<SamePair>& pairs, bool two_labels,
                          const std::string& what, const Cards& drawn) {
  const auto shown = shown_pairs(pairs, two_labels);
  const auto all = std::ranges::count(pairs, two_labels, &SamePair::has_two_labels);
  if (all == 0) return {};
  return section(id, title, about(shown.size(), std::size_t(all), what) + list_cards(shown, drawn));
}

/// A table of the first rows of a list.
template <class List, class MakeRow>
std::string table_section(const char* id, const char* title, const std::vector<std::string>& columns, const List& list,
                          const MakeRow& make_row) {
  if (list.empty()) return {};
  std::vector<HtmlRow> rows;
  for (std::size_t i = 0; i < std::min(list.size(), most_rows); ++i) rows.push_back(make_row(list[i]));
  return section(id, title,
                 about(rows.size(), list.size(), "in all") +
                     table(fmt::format("{}-table", id), title, columns, rows, OnPhone::cards));
}

std::string counts_line(const char* what, const Counts& counts) {
  if (counts.empty()) return {};
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(fmt::format("{} {}", count, name));
  return paragraph(fmt::format("{}: {}.", what, fmt::join(parts, "; ")));
}

}  // namespace

std::string answer_of(const Audit& a) {
  return heading(fmt::format("Audit of {}", a.dataset), sentence(a)) +
         paragraph(fmt::format("{} gallery photos, {} queries, {} products; model {}. {} photos were looked at.",
                               a.gallery, a.queries, a.products, a.model.name, a.looked_at)) +
         counts_line("Cannot be used", a.unusable_kinds) + counts_line("Files that were skipped", a.skipped);
}

std::string suspects_of(const Audit& audit, const Thumbnails& thumbnails) {
  const auto shown = shown_suspects(audit);
  if (shown.empty()) return {};
  const Cards drawn(audit, thumbnails);
  return section("suspects", "Labels that may be wrong",
                 about(shown.size(), audit.likely(), "photos whose nearest photos all belong to another product") +
                     list_cards(shown, drawn));
}

std::string copies_of(const Audit& audit, const Thumbnails& thumbnails) {
  const Cards drawn(audit, thumbnails);
  return pairs_section("two-products", "One photo, two products", audit.duplicates, true,
                       "pairs of equal or nearly equal photos", drawn) +
         pairs_section("leaks", "Queries that are in the gallery", audit.leaks, false, "pairs", drawn) +
         pairs_section("duplicates", "Copies", audit.duplicates, false, "pairs of one product", drawn);
}

std::string other_faults_of(const Audit& a) {
  return table_section("inseparable", "Products that nothing tells apart",
                       {"product", "other product", "photos", "nearest to their own", "by chance"}, a.inseparable,
                       [](const InseparablePair& pair) {
                         return HtmlRow{text_cell(pair.a), text_cell(pair.b), count_cell(pair.photos),
                                        count_cell(pair.own),
                                        number_cell(fmt::format("{:.1f}", pair.expected), pair.expected)};
                       }) +
         table_section("unusable", "Unusable photos", {"photo", "product", "reason"}, a.unusable,
                       [](const Unusable& one) {
                         return HtmlRow{text_cell(one.item.id), text_cell(one.item.label), text_cell(one.reason)};
                       }) +
         table_section("hubs", "Photos that answer too often", {"photo", "product", "answers", "of other products"},
                       a.hubs,
                       [](const AuditHub& hub) {
                         return HtmlRow{text_cell(hub.item.id), text_cell(hub.item.label), count_cell(hub.answers),
                                        count_cell(hub.wrong)};
                       }) +
         table_section("sizes", "Odd sizes", {"photo", "product", "width", "height", "reason"}, a.odd_sizes,
                       [](const OddSize& odd) {
                         return HtmlRow{text_cell(odd.item.id), text_cell(odd.item.label),
                                        count_cell(std::size_t(odd.width)), count_cell(std::size_t(odd.height)),
                                        text_cell(odd.reason)};
                       }) +
         table_section("singles", "Products with one photo", {"photo", "product", "nearest other product", "cosine"},
                       a.singles, [](const Single& s) {
                         return HtmlRow{text_cell(s.item.id), text_cell(s.item.label), text_cell(s.nearest.label),
                                        number_cell(fmt::format("{:.3f}", s.cosine), s.cosine)};
                       });
}

std::vector<std::string> photos_on_page(const Audit& audit) {
  std::vector<std::string> paths;
  for (const auto* suspect : shown_suspects(audit))
    paths.insert(paths.end(), {suspect->item.path, suspect->nearest.path});
  const auto add_pairs = [&](const std::vector<SamePair>& pairs, bool two_labels) {
    for (const auto* pair : shown_pairs(pairs, two_labels)) paths.insert(paths.end(), {pair->a.path, pair->b.path});
  };
  add_pairs(audit.duplicates, true);
  add_pairs(audit.leaks, false);
  add_pairs(audit.duplicates, false);
  return paths;
}

}  // namespace matcher::report
