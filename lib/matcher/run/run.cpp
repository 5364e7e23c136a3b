#include "matcher/run/run.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/version.hpp"
#include "matcher/report/json.hpp"
#include "matcher/run/ranking.hpp"

namespace matcher::run {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* run_schema = "matcher.run/1";
constexpr std::size_t answers_shown = 10;  ///< in queries.jsonl; run.trec has all

json answers_of(const RankedQuery& query) {
  json answers = json::array();
  for (std::size_t i = 0; i < std::min(answers_shown, query.answers.size()); ++i) {
    const auto& a = query.answers[i];
    answers.push_back({{"id", a.id}, {"label", a.label}, {"score", a.score}});
  }
  return answers;
}

/// Ranks, from 1, of the right answers: with `relevant` all that the metrics need.
json right_of(const eval::Ranking& ranking) {
  json ranks = json::array();
  for (std::size_t i = 0; i < ranking.relevant.size(); ++i) {
    if (ranking.relevant[i]) ranks.push_back(i + 1);
  }
  return ranks;
}

json json_of(const RankedQuery& query, const std::vector<eval::Measure>& measures) {
  const auto ranking = ranking_of(query);
  json values = json::object();
  for (const auto& measure : measures) values[measure.name] = query.known ? json(measure(ranking)) : json();
  json line = {{"id", query.id},       {"label", query.label},        {"path", query.path},
               {"known", query.known}, {"relevant", query.relevant},  {"right", right_of(ranking)},
               {"metrics", values},    {"answers", answers_of(query)}};
  if (!query.answer_path.empty()) line["answer_path"] = query.answer_path;
  const bool wrong = query.known && !query.answers.empty() && query.answers[0].label != query.label;
  if (wrong && !query.right_id.empty()) line["right_item"] = {{"id", query.right_id}, {"path", query.right_path}};
  if (!query.category.empty()) line["category"] = query.category;
  if (!query.text.empty()) line["text"] = query.text;
  if (!query.copy.empty()) line["copy"] = query.copy;
  return line;
}

std::vector<eval::Measure> measures_of(const report::Metrics& metrics) {
  std::vector<eval::Measure> measures;
  for (const auto& [name, estimate] : metrics) measures.push_back(eval::measure_of(name));
  return measures;
}

/// Ids as single words: the formats of TREC are separated by blanks.
std::string trec_id(const std::string& id) {
  std::string out;
  for (const char c : id) {
    const bool plain = c > ' ' && c != '%' && c != 0x7f;
    out += plain || (c & 0x80) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// Readers of TREC files order by score and break ties in their own ways; strictly falling scores keep our order.
void write_trec(OutputFile& out, const RankedQuery& query, const std::string& tag) {
  float last = std::numeric_limits<float>::infinity();
  for (std::size_t rank = 1; rank <= query.answers.size(); ++rank) {
    const auto& answer = query.answers[rank - 1];
    last = std::min(answer.score, std::nextafter(last, -std::numeric_limits<float>::infinity()));
    out.write(fmt::format("{} Q0 {} {} {:.9g} {}\n", trec_id(query.id), trec_id(answer.id), rank, last, tag));
  }
}

void write_queries(const fs::path& folder, const Run& run) {
  OutputFile lines(folder / "queries.jsonl"), trec(folder / "run.trec"), qrels(folder / "qrels.trec");
  const auto tag = trec_id(run.report.model.name);
  const auto measures = measures_of(run.report.metrics);
  for (const auto& query : run.queries) {
    lines.write(json_of(query, measures).dump(-1, ' ', false, json::error_handler_t::replace) + '\n');
    if (!query.known) continue;
    write_trec(trec, query, tag);
    for (const auto& id : query.relevant_ids) qrels.write(fmt::format("{} 0 {} 1\n", trec_id(query.id), trec_id(id)));
  }
  for (auto* out : {&lines, &trec, &qrels}) {
    out->sync();
    out->close();
  }
}

}  // namespace

void write_run(const fs::path& folder, const Run& run) {
  check_replaceable(folder, run_schema);
  AtomicFolder out(folder);
  write_queries(out.path(), run);
  write_atomically(out.path() / "report.json", report::to_json(run.report));
  const json manifest = {
      {"schema", run_schema},
      {"version", version},
      {"model", {{"name", run.report.model.name}, {"fingerprint", run.report.model.fingerprint}}},
      {"dataset", {{"name", run.report.dataset.name}, {"fingerprint", run.report.dataset.fingerprint}}},
      {"options", {{"index", run.report.index}, {"depth", run.report.depth}}},
      {"label_names", run.label_names}};
  write_atomically(out.path() / "manifest.json", manifest.dump(2, ' ', false, json::error_handler_t::replace) + '\n');
  out.commit();
}

}  // namespace matcher::run
