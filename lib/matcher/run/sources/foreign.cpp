#include "matcher/run/foreign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "matcher/core/error.hpp"
#include "matcher/run/folder/trec.hpp"
#include "matcher/run/measure.hpp"

namespace matcher::run {
namespace {

/// A query's id as run.trec has it.
std::string word_of(const Run& run, const RankedQuery& query) { return run.foreign ? query.id : escape_id(query.id); }

[[noreturn]] void refuse(const Run& a, const Run& b, const std::string& why) {
  throw Error(ErrorCode::mismatch,
              fmt::format("cannot compare the runs \"{}\" and \"{}\": {}. Judge the same queries in "
                          "both",
                          a.folder.string(), b.folder.string(), why));
}

void check_same_number(const Run& like, const Run& run) {
  const auto x = known_queries(like.queries).size(), y = known_queries(run.queries).size();
  if (x != y) refuse(like, run, fmt::format("they judge {} and {} queries", x, y));
}

/// The name of an answer whose label is unknown.
std::string name_of_item(const std::string& id) { return "item " + id; }

/// Queries of a run without labels are products of their own.
void set_labels(Run& run) {
  for (auto& query : run.queries) {
    if (query.label.empty()) query.label = query.id;
    const bool right = !query.right.empty() && query.right[0] == 1;
    if (!query.answers.empty()) query.answers[0].label = right ? query.label : name_of_item(query.answers[0].id);
  }
}

/// Brings the queries of `run` in the order of the known ones of `like`, under their ids.
void adopt_queries(Run& run, const Run& like) {
  check_same_number(like, run);
  std::unordered_map<std::string, RankedQuery*> by_word;
  for (auto& query : run.queries) by_word[query.id] = &query;
  std::vector<RankedQuery> ordered;
  for (const auto* wanted : known_queries(like.queries)) {
    const auto found = by_word.find(word_of(like, *wanted));
    if (found == by_word.end() || !found->second->known())
      refuse(like, run, fmt::format("\"{}\" is a query of the first alone", wanted->id));
    auto& query = *found->second;
    if (query.relevant != wanted->relevant)
      refuse(like, run,
             fmt::format("query \"{}\" has {} and {} correct items", wanted->id, wanted->relevant, query.relevant));
    query.id = wanted->id;
    query.label = wanted->label;
    query.category = wanted->category;
    query.path = wanted->path;
    if (!wanted->details->columns.empty()) query.details.edit().columns = wanted->details->columns;
    ordered.push_back(std::move(query));
  }
  run.queries = std::move(ordered);
  run.label_names = like.label_names;
  run.columns = like.columns;
  run.report.dataset = like.report.dataset;
}

void keep_answers(Run& run, std::size_t depth) {
  run.report.depth = depth;
  for (auto& query : run.queries) std::erase_if(query.right, [&](std::size_t rank) { return rank > depth; });
}

std::vector<std::string> names_of(const report::Metrics& metrics) {
  std::vector<std::string> names;
  for (const auto& [name, estimate] : metrics) names.push_back(name);
  return names;
}

}  // namespace

void join_foreign(std::span<Run> runs, const std::vector<std::string>& metrics) {
  if (std::ranges::none_of(runs, &Run::foreign)) return;
  const auto own = std::ranges::find(runs, false, &Run::foreign);
  auto& like = own == runs.end() ? runs[0] : *own;
  const auto depth = std::ranges::min_element(runs, {}, [](const Run& r) { return r.report.depth; })->report.depth;
  const auto measures = eval::metrics(like.foreign ? metrics : names_of(like.report.metrics));
  for (auto& run : runs) {
    if (run.foreign && &run != &like) adopt_queries(run, like);
    const bool is_cut = run.report.depth > depth;
    keep_answers(run, depth);
    if (run.foreign || is_cut) measure(run, measures);
  }
  for (auto& run : runs) {
    if (run.foreign) set_labels(run);
  }
}

}  // namespace matcher::run
