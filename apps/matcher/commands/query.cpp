#include "matcher/pipeline/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "flags.hpp"
#include "matcher/core/error.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string index, model, by = "product";
  std::vector<std::string> images, texts;
  std::size_t top_k = 0;
  std::optional<double> threshold;
  RunFlags run;
  OutputFlags output;
};

report::Table table_of(const pipeline::QueryResult& result) {
  report::Table table{{}, {"query", "rank", "label", "score", "id", "path"}, {}, {}};
  for (const auto& query : result.queries) {
    if (query.rejected)
      table.rows.push_back({query.query, "", "no match", fmt::format("{:.4f}", *query.rejected), "", ""});
    for (std::size_t i = 0; i < query.answers.size(); ++i) {
      const auto& [item, score] = query.answers[i];
      table.rows.push_back(
          {query.query, fmt::format("{}", i + 1), item.label, fmt::format("{:.4f}", score), item.id, item.path});
    }
  }
  return table;
}

std::string json_of(const pipeline::QueryResult& result) {
  using json = nlohmann::ordered_json;
  json queries = json::array();
  for (const auto& query : result.queries) {
    json answers = json::array();
    for (std::size_t i = 0; i < query.answers.size(); ++i) {
      const auto& [item, score] = query.answers[i];
      answers.push_back(
          {{"rank", i + 1}, {"label", item.label}, {"score", score}, {"id", item.id}, {"path", item.path}});
    }
    json entry = {{"query", query.query}, {"kind", query.is_text ? "text" : "image"}, {"answers", answers}};
    if (query.rejected) entry["best_score"] = *query.rejected;
    if (!query.error.empty()) entry["error"] = query.error;
    queries.push_back(entry);
  }
  const auto& m = result.index;
  const json out = {
      {"schema", "matcher.answers/1"},
      {"model", {{"name", m.model.name}, {"fingerprint", m.model.fingerprint}, {"dimension", m.model.dimension}}},
      {"index", {{"type", m.type}, {"count", m.count}}},
      {"threshold", result.threshold ? json(*result.threshold) : json()},
      {"queries", queries}};
  return out.dump(2) + '\n';
}

int report_failures(Session& session, const pipeline::QueryResult& result) {
  int code = 0;
  for (const auto& query : result.queries) {
    if (query.error.empty()) continue;
    session.terminal.log(
        LogLevel::error,
        fmt::format("{}: {}; it has no answers: give a whole JPEG, PNG, WebP, BMP or TIFF", query.query, query.error));
    code = int(ErrorCode::input);
  }
  return code;
}

int run(Session& session, const Flags& flags) {
  const auto format = report::parse_format(flags.output.format);
  pipeline::QueryOptions options;
  options.index = flags.index;
  options.model = flags.model;
  options.images = flags.images;
  options.texts = flags.texts;
  options.top_k = flags.top_k ? flags.top_k : session.settings.top_k;
  options.threshold = flags.threshold;
  options.by_item = flags.by == "item";
  options.execution = run_options(flags.run, session.settings);
  const auto result = pipeline::query(session.context, options);
  if (options.top_k > result.available) {
    session.terminal.log(LogLevel::warning,
                         fmt::format("--top-k {} asks for more than the {} {}s of the index; all are given",
                                     options.top_k, result.available, flags.by));
  }
  write_output(flags.output,
               format == report::Format::json ? json_of(result) : report::render(table_of(result), format));
  return report_failures(session, result);
}

}  // namespace

void add_query(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("query", "Find the products on photos, or by words");
  command.add_option("--index", flags->index, "Folder of an index, or chroma://HOST/NAME, milvus://HOST/NAME")
      ->required();
  command.add_option("images", flags->images, "Photos to look up");
  command
      .add_option("--text", flags->texts, "Words to look up, where the index is of a CLIP model; may be given again")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--model", flags->model, "Model of the queries (default: the one the index was built by)");
  command.add_option("--top-k", flags->top_k, "Answers a query (default: 5)")->check(CLI::PositiveNumber);
  command.add_option(
      "--threshold", flags->threshold,
      "Photos without an answer of this score have no match (default: what matcher threshold stored, if it did)");
  command.add_option("--by", flags->by, "product: each product once, by its best photo; item: every photo")
      ->check(CLI::IsMember({"product", "item"}))
      ->capture_default_str();
  add_run_flags(command, flags->run, false);
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher query --index shelf photo.jpg
  matcher query --index shelf --text "red apple" --text "oat milk"
  matcher query --index shelf --top-k 10 --format json photos/*.jpg)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
