#include "matcher/pipeline/run_lines.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"

namespace matcher::pipeline {
namespace {

using nlohmann::json;

RankedQuery query_of(const json& line) {
  RankedQuery query;
  query.id = line.at("id");
  query.label = line.at("label");
  query.path = line.at("path");
  query.text = line.value("text", "");
  query.category = line.value("category", "");
  query.known = line.at("known");
  query.relevant = line.at("relevant");
  query.copy = line.value("copy", "");
  for (const auto& a : line.at("answers")) query.answers.push_back({a.at("id"), a.at("label"), a.at("score")});
  query.answer_path = line.value("answer_path", "");
  if (const auto item = line.find("right_item"); item != line.end()) {
    query.right_id = item->at("id");
    query.right_path = item->at("path");
  }
  return query;
}

RunLine parse(const std::string& text) {
  const auto line = json::parse(text);
  RunLine parsed{query_of(line), line.at("right"), {}};
  if (!parsed.query.known) return parsed;
  for (const auto& [name, value] : line.at("metrics").items()) parsed.metrics.push_back({name, value});
  return parsed;
}

}  // namespace

void for_each_line(const fs::path& file, const std::function<void(const std::string&)>& use) {
  auto lines = open_for_reading(file);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    try {
      use(line);
    } catch (const std::exception& error) {
      throw Error(ErrorCode::input,
                  fmt::format("{}:{}: damaged ({}); evaluate again", file.string(), number, error.what()));
    }
  }
}

void for_each_query(const fs::path& run, const std::function<void(RunLine&)>& use) {
  for_each_line(run / "queries.jsonl", [&](const std::string& text) {
    auto line = parse(text);
    use(line);
  });
}

}  // namespace matcher::pipeline
