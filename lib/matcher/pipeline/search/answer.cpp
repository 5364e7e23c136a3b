#include "matcher/pipeline/search/answer.hpp"

#include <algorithm>

#include "matcher/pipeline/search/self_match.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t queries_per_block = 1024;

/// Answers queries block by block, so that the index can search several at once.
class Answerer {
 public:
  Answerer(const Gallery& gallery, std::size_t depth)
      : gallery_(gallery),
        depth_(depth),
        self_match_(gallery.items),
        by_label_(group_rows(gallery.items, &store::ItemRow::label)) {}

  Answers run(const VectorSet& queries) {
    Answers all;
    for (std::size_t first = 0; first < queries.items.size(); first += queries_per_block) {
      const auto count = std::min(queries_per_block, queries.items.size() - first);
      answer_block(std::span(queries.items).subspan(first, count), queries.unit.view().slice(first, count), all);
    }
    return all;
  }

 private:
  void answer_block(std::span<const store::ItemRow> items, MatrixView vectors, Answers& all) {
    std::vector<Rows> selves;
    for (const auto& item : items) selves.push_back(self_match_.rows(item));
    const auto hits = gallery_.index->search_without(selves, vectors, std::min(depth_, gallery_.items.size()));
    for (std::size_t i = 0; i < items.size(); ++i) {
      all.queries.push_back(rank(items[i], hits[i], selves[i]));
      all.self_matches += selves[i].size();
    }
  }

  run::RankedQuery rank(const store::ItemRow& query, const std::vector<index::Hit>& hits, const Rows& self) const {
    run::RankedQuery ranked{query.id, query.label, query.category, query.path, 0, {}, {}};
    auto& details = ranked.details.edit();
    details.text = query.text;
    for (const auto row : find_rows(by_label_, query.label)) {
      if (!contains(self, row)) ranked.relevant_ids.push_back(gallery_.items[row].id);
    }
    const auto copy =
        std::find_if(self.rbegin(), self.rend(), [&](auto row) { return gallery_.items[row].id != query.id; });
    if (copy != self.rend()) details.copy = gallery_.items[*copy].id;
    ranked.relevant = ranked.relevant_ids.size();
    for (const auto& hit : hits) {
      const auto& item = gallery_.items[hit.row];
      if (ranked.answers.empty()) details.answer_path = item.path;
      if (details.right_id.empty() && item.label == query.label) note_right(ranked, item);
      ranked.answers.push_back({item.id, item.label, hit.score});
    }
    find_right_answers(ranked);
    if (ranked.known() && details.right_id.empty()) note_any_right(ranked, self);
    return ranked;
  }

  static bool contains(const Rows& rows, std::uint32_t row) { return std::ranges::binary_search(rows, row); }

  static void note_right(run::RankedQuery& ranked, const store::ItemRow& item) {
    ranked.details.edit().right_id = item.id;
    ranked.details.edit().right_path = item.path;
  }

  void note_any_right(run::RankedQuery& ranked, const Rows& self) const {
    for (const auto row : find_rows(by_label_, ranked.label)) {
      if (!contains(self, row)) return note_right(ranked, gallery_.items[row]);
    }
  }

  const Gallery& gallery_;
  std::size_t depth_;
  SelfMatch self_match_;
  RowsBy by_label_;
};

}  // namespace

Answers answer_all(const Gallery& gallery, const VectorSet& queries, std::size_t depth) {
  return Answerer(gallery, depth).run(queries);
}

}  // namespace matcher::pipeline
