#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/report/json.hpp"
#include "matcher/run/folder/queries_jsonl.hpp"
#include "matcher/run/folder/trec.hpp"
#include "matcher/run/ranking.hpp"

namespace matcher::run {
namespace {

using nlohmann::json;

/// The first answers up to the last right one: nothing after it changes a metric.
eval::Ranking ranking_of(const RunLine& line, std::size_t depth) {
  eval::Ranking ranking{{}, line.query.relevant};
  for (const auto rank : line.right) {
    if (rank < 1 || rank > depth) throw std::out_of_range(fmt::format("no answer has the rank {}", rank));
    ranking.relevant.resize(std::max(rank, ranking.relevant.size()));
    ranking.relevant[rank - 1] = 1;
  }
  return ranking;
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
  for_each_query(folder,
                 [&](const RunLine& line) { add(stored.outcomes, line.query, ranking_of(line, stored.report.depth)); });
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

}  // namespace matcher::run
