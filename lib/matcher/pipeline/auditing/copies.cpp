#include "matcher/pipeline/auditing/copies.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "matcher/pipeline/auditing/nearest.hpp"

namespace matcher::pipeline {
namespace {

using report::Likeness;

constexpr std::size_t looked_up = 8;     // nearest small copies that are compared
constexpr float least_likeness = 0.95F;  // cosine of the colours of two copies

/// Pairs, each once.
class Copies {
 public:
  void add(std::uint32_t a, std::uint32_t b, Likeness likeness) {
    if (a > b) std::swap(a, b);
    if (a != b && seen_.emplace(a, b).second) copies_.push_back({a, b, likeness, 1});
  }
  std::vector<Copy> take() { return std::move(copies_); }

 private:
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
  std::vector<Copy> copies_;
};

/// Pairs each row with the first of the same key, which is not empty.
template <class KeyOf>
void add_equal(std::size_t rows, const KeyOf& key_of, Likeness likeness, Copies& copies) {
  std::unordered_map<std::string_view, std::uint32_t> first;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::string_view key = key_of(row);
    if (key.empty()) continue;
    const auto [found, fresh] = first.emplace(key, row);
    if (!fresh) copies.add(found->second, row, likeness);
  }
}

/// The photos that have colours to compare.
std::vector<std::uint32_t> comparable(std::span<const PhotoFacts> facts) {
  std::vector<std::uint32_t> rows;
  std::array<float, colour_numbers> ignored{};
  for (std::uint32_t i = 0; i < facts.size(); ++i)
    if (facts[i].looked_at && facts[i].reason.empty() && describe_colours(facts[i], ignored)) rows.push_back(i);
  return rows;
}

/// The descriptions of turned photos, [rows, 192].
Matrix describe(std::span<const PhotoFacts> facts, const std::vector<std::uint32_t>& rows, Turn turn) {
  Matrix all(rows.size(), colour_numbers);
  for (std::size_t i = 0; i < rows.size(); ++i) describe_colours(turned(facts[rows[i]], turn), all.row(i));
  return all;
}

void add_similar(Observer& observer, std::span<const PhotoFacts> facts, const std::vector<std::uint32_t>& rows,
                 const Matrix& plain, Turn turn, Copies& copies) {
  const auto queries = describe(facts, rows, turn);
  const auto likeness = turn == Turn::none     ? Likeness::content
                        : turn == Turn::mirror ? Likeness::mirrored
                                               : Likeness::turned;
  const auto nearest = find_nearest(observer, "find copies", plain.view(), queries.view(), looked_up);
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const auto shown = turned(facts[rows[i]], turn);
    for (const auto& [row, cosine] : nearest[i]) {
      if (cosine < least_likeness) break;
      if (shows_same(shown, facts[rows[row]])) copies.add(rows[i], rows[row], likeness);
    }
  }
}

/// The first neighbours of a photo that are near-duplicates: of the other role, of another label, and of its own.
class Nearest {
 public:
  Nearest(const report::AuditItem& item, std::span<const report::AuditItem> items) : item_(item), items_(items) {}

  bool is_first(std::uint32_t row) {
    auto& taken = taken_[items_[row].role != item_.role ? 0 : items_[row].label != item_.label ? 1 : 2];
    return !std::exchange(taken, true);
  }

 private:
  const report::AuditItem& item_;
  std::span<const report::AuditItem> items_;
  std::array<bool, 3> taken_{};
};

}  // namespace

std::vector<Copy> find_copies(Observer& observer, const Catalogue& photos) {
  Copies copies;
  const auto rows = photos.items.size();
  add_equal(
      rows,
      [&](std::uint32_t row) -> std::string_view {
        return photos.facts[row].bytes.empty() ? photos.hashes[row] : photos.facts[row].bytes;
      },
      Likeness::bytes, copies);
  add_equal(
      rows, [&](std::uint32_t row) -> std::string_view { return photos.facts[row].pixels; }, Likeness::pixels, copies);
  const auto compared = comparable(photos.facts);
  const auto plain = describe(photos.facts, compared, Turn::none);
  for (const auto turn : {Turn::none, Turn::mirror, Turn::left, Turn::upside_down, Turn::right})
    add_similar(observer, photos.facts, compared, plain, turn, copies);
  return copies.take();
}

bool separates(const eval::Neighbours& neighbours, std::span<const report::AuditItem> items, double limit) {
  std::size_t near = 0;
  for (std::uint32_t row = 0; row < neighbours.size(); ++row) {
    near += std::ranges::any_of(neighbours[row], [&](const eval::Neighbour& n) {
      return double(n.score) >= limit && items[n.row].label != items[row].label;
    });
  }
  return 5 * near < std::max<std::size_t>(items.size(), 1);
}

void add_near_duplicates(const eval::Neighbours& neighbours, std::span<const report::AuditItem> items, double limit,
                         std::vector<Copy>& copies) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (const auto& copy : copies) seen.emplace(copy.a, copy.b);
  for (std::uint32_t row = 0; row < neighbours.size(); ++row) {
    Nearest nearest(items[row], items);
    for (const auto& [other, cosine] : neighbours[row]) {
      if (double(cosine) < limit) break;
      const auto pair = std::pair(std::min(row, other), std::max(row, other));
      if (nearest.is_first(other) && seen.insert(pair).second)
        copies.push_back({pair.first, pair.second, Likeness::vectors, double(cosine)});
    }
  }
}

}  // namespace matcher::pipeline
