#include "matcher/run/fusion/pool.hpp"

#include <map>

namespace matcher::run {
namespace {

/// The photo of an item, if a member names it for this query; else "".
std::string photo_of(const std::string& id, std::span<const Run> members, std::size_t row) {
  for (const auto& member : members) {
    const auto& query = member.queries[row];
    if (!query.answers.empty() && query.answers[0].id == id && !query.details->answer_path.empty())
      return query.details->answer_path;
    if (query.details->right_id == id && !query.details->right_path.empty()) return query.details->right_path;
  }
  return {};
}

/// Names the photos of the fused answer and of a right item, which are not those of the first member.
void note_photos(RankedQuery& fused, std::span<const Run> members, std::size_t row) {
  auto& details = fused.details.edit();
  details.answer_path = fused.answers.empty() ? "" : photo_of(fused.answers[0].id, members, row);
  for (const auto& member : members) {
    const auto& query = member.queries[row];
    if (!details.right_id.empty()) return;
    details.right_id =
        query.details->right_id.empty() && is_right(query) ? query.answers[0].id : query.details->right_id;
    details.right_path = photo_of(details.right_id, members, row);
  }
}

}  // namespace

Candidates candidates_of(std::span<const Run> members, std::size_t row, eval::Fusion method) {
  std::map<std::string_view, std::pair<const RankedAnswer*, std::uint32_t>> found;
  for (const auto& member : members) {
    for (const auto& answer : member.queries[row].answers) found.try_emplace(answer.id, &answer, 0u);
  }
  Candidates all;
  for (auto& [id, candidate] : found) {
    candidate.second = std::uint32_t(all.answers.size());
    all.answers.push_back(candidate.first);
    all.pool.relevant.push_back(candidate.first->label == members[0].queries[row].label);
  }
  for (const auto& member : members) {
    eval::AnswerList list;
    for (const auto& answer : member.queries[row].answers) {
      list.candidates.push_back(found.at(answer.id).second);
      list.scores.push_back(answer.score);
    }
    all.pool.points.push_back(eval::points(list, all.answers.size(), method));
  }
  return all;
}

std::vector<eval::Pool> pools_of(std::span<const Run> members, std::span<const std::size_t> rows, eval::Fusion method) {
  std::vector<eval::Pool> pools;
  for (const auto row : rows) {
    if (members[0].queries[row].known()) pools.push_back(candidates_of(members, row, method).pool);
  }
  return pools;
}

std::vector<RankedQuery> fused_queries(std::span<const Run> members, eval::Fusion method,
                                       std::span<const double> weights, std::size_t depth) {
  auto queries = members[0].queries;
  for (std::size_t row = 0; row < queries.size(); ++row) {
    const auto candidates = candidates_of(members, row, method);
    const auto scores = eval::fused_scores(candidates.pool, weights);
    std::vector<RankedAnswer> answers;
    for (const auto i : eval::best_first(scores)) {
      if (answers.size() == depth) break;
      answers.push_back({candidates.answers[i]->id, candidates.answers[i]->label, scores[i]});
    }
    queries[row].answers = std::move(answers);
    find_right_answers(queries[row]);
    note_photos(queries[row], members, row);
  }
  return queries;
}

}  // namespace matcher::run
