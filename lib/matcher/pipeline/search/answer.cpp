#include "matcher/pipeline/search/answer.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <unordered_set>

namespace matcher::pipeline {
namespace {

constexpr std::size_t queries_a_block = 1024;

using Rows = std::vector<std::uint32_t>;
using RowsBy = std::unordered_map<std::string_view, Rows>;

RowsBy rows_by(std::span<const store::ItemRow> items, std::string store::ItemRow::*field) {
  RowsBy rows;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (!(items[i].*field).empty()) rows[items[i].*field].push_back(i);
  }
  return rows;
}

const Rows& find(const RowsBy& rows, const std::string& key) {
  static const Rows none;
  const auto found = rows.find(key);
  return found == rows.end() ? none : found->second;
}

class Answerer {
 public:
  Answerer(const Gallery& gallery, std::size_t depth)
      : gallery_(gallery),
        depth_(depth),
        by_id_(rows_by(gallery.items, &store::ItemRow::id)),
        by_hash_(rows_by(gallery.items, &store::ItemRow::content_hash)),
        by_label_(rows_by(gallery.items, &store::ItemRow::label)) {}

  Answers run(const VectorSet& queries) {
    Answers all;
    for (std::size_t first = 0; first < queries.items.size(); first += queries_a_block) {
      const auto count = std::min(queries_a_block, queries.items.size() - first);
      block(std::span(queries.items).subspan(first, count), queries.unit.view().slice(first, count), all);
    }
    return all;
  }

 private:
  void block(std::span<const store::ItemRow> items, MatrixView vectors, Answers& all) {
    std::vector<std::unordered_set<std::uint32_t>> selves;
    std::size_t most = 0;
    for (const auto& item : items) {
      selves.push_back(self(item));
      most = std::max(most, selves.back().size());
    }
    const auto hits = gallery_.index->search(vectors, std::min(depth_ + most, gallery_.items.size()));
    for (std::size_t i = 0; i < items.size(); ++i) {
      all.queries.push_back(answered(items[i], hits[i], selves[i]));
      all.self_matches += selves[i].size();
    }
  }

  std::unordered_set<std::uint32_t> self(const store::ItemRow& query) const {
    const auto& same_id = find(by_id_, query.id);
    const auto& same_bytes = find(by_hash_, query.content_hash);
    std::unordered_set<std::uint32_t> rows(same_id.begin(), same_id.end());
    rows.insert(same_bytes.begin(), same_bytes.end());
    return rows;
  }

  run::RankedQuery answered(const store::ItemRow& query, const std::vector<index::Hit>& hits,
                            const std::unordered_set<std::uint32_t>& self) const {
    run::RankedQuery ranked{query.id, query.label, query.category, query.path, query.text, 0, {}, {}};
    for (const auto row : find(by_label_, query.label)) {
      if (!self.contains(row)) ranked.relevant_ids.push_back(gallery_.items[row].id);
    }
    if (const auto copy = std::ranges::find_if(self, [&](auto row) { return gallery_.items[row].id != query.id; });
        copy != self.end()) {
      ranked.copy = gallery_.items[*copy].id;
    }
    ranked.relevant = ranked.relevant_ids.size();
    for (const auto& hit : hits) {
      if (ranked.answers.size() == depth_) break;
      const auto& item = gallery_.items[hit.row];
      if (self.contains(hit.row)) continue;
      if (ranked.answers.empty()) ranked.answer_path = item.path;
      if (ranked.right_id.empty() && item.label == query.label) note_right(ranked, item);
      ranked.answers.push_back({item.id, item.label, hit.score});
    }
    find_right_answers(ranked);
    if (ranked.known() && ranked.right_id.empty()) note_any_right(ranked, self);
    return ranked;
  }

  static void note_right(run::RankedQuery& ranked, const store::ItemRow& item) {
    ranked.right_id = item.id;
    ranked.right_path = item.path;
  }

  void note_any_right(run::RankedQuery& ranked, const std::unordered_set<std::uint32_t>& self) const {
    for (const auto row : find(by_label_, ranked.label)) {
      if (!self.contains(row)) return note_right(ranked, gallery_.items[row]);
    }
  }

  const Gallery& gallery_;
  std::size_t depth_;
  RowsBy by_id_, by_hash_, by_label_;
};

}  // namespace

Answers answer_all(const Gallery& gallery, const VectorSet& queries, std::size_t depth) {
  return Answerer(gallery, depth).run(queries);
}

std::pair<double, double> search_times(const index::VectorIndex& index, MatrixView queries) {
  constexpr std::size_t fewest = 20, most = 200, k = 10;
  constexpr double enough_ms = 100;
  std::vector<double> times;
  double spent = 0;
  for (std::size_t i = 0; i < std::min(most, queries.rows) && (i < fewest || spent < enough_ms); ++i) {
    const auto start = std::chrono::steady_clock::now();
    index.search(queries.slice(i, 1), k);
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    spent += times.back();
  }
  std::sort(times.begin(), times.end());
  return {times.at(times.size() / 2), times.at(times.size() * 95 / 100)};
}

}  // namespace matcher::pipeline
