#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/pipeline/run.hpp"
#include "matcher/pipeline/trec.hpp"

namespace matcher::pipeline {
namespace {

using nlohmann::json;

/// Every line of queries.jsonl; what `use` throws is told with the number of the line.
void for_each_query(const fs::path& folder, const std::function<void(const json&)>& use) {
  const auto file = folder / "queries.jsonl";
  auto lines = open_for_reading(file);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    try {
      use(json::parse(line));
    } catch (const std::exception& error) {
      throw Error(ErrorCode::input,
                  fmt::format("{}:{}: damaged ({}); evaluate again", file.string(), number, error.what()));
    }
  }
}

/// The first answers up to the last right one: nothing after it changes a metric.
eval::Ranking ranking_of(const json& query, std::size_t depth) {
  eval::Ranking ranking{{}, query.at("relevant")};
  for (const std::size_t rank : query.at("right")) {
    if (rank < 1 || rank > depth) throw std::out_of_range(fmt::format("no answer has the rank {}", rank));
    ranking.relevant.resize(std::max(rank, ranking.relevant.size()));
    ranking.relevant[rank - 1] = 1;
  }
  return ranking;
}

eval::Tags tags_of(const json& query) {
  const auto& answers = query.at("answers");
  return {query.at("label"), query.value("category", ""), answers.empty() ? "" : answers[0].at("label")};
}

std::map<std::string, std::string> label_names(const fs::path& folder) {
  const auto file = folder / "manifest.json";
  try {
    return json::parse(read_text(file)).value("label_names", std::map<std::string, std::string>());
  } catch (const json::exception& error) {
    throw Error(ErrorCode::input, fmt::format("{}: damaged ({}); evaluate again", file.string(), error.what()));
  }
}

StoredAnswers read_own(const fs::path& folder) {
  const auto report = folder / "report.json";
  StoredAnswers stored{report::parse_report(read_text(report), report.string()), {}, label_names(folder)};
  for_each_query(folder, [&](const json& query) {
    stored.outcomes.rankings.push_back(ranking_of(query, stored.report.depth));
    stored.outcomes.tags.push_back(tags_of(query));
  });
  return stored;
}

}  // namespace

StoredAnswers read_answers(const fs::path& folder) {
  if (fs::exists(folder / "manifest.json")) return read_own(folder);
  if (fs::exists(folder / "run.trec") && fs::exists(folder / "qrels.trec")) return read_trec(folder);
  throw Error(ErrorCode::input,
              fmt::format("{} is no run: it has neither the manifest.json of one that matcher wrote, nor "
                          "run.trec and qrels.trec; give the folder of a run",
                          folder.string()));
}

}  // namespace matcher::pipeline
