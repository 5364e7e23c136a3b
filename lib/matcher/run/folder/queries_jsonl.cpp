#include "matcher/run/folder/queries_jsonl.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"

namespace matcher::run {
namespace {

using Json = simdjson::dom::element;

Json at(Json object, std::string_view key) {
  Json value;
  if (object[key].get(value) == simdjson::SUCCESS) return value;
  throw std::out_of_range(fmt::format("there is no {}", key));
}

template <class T>
T at(Json object, std::string_view key) {
  return T(at(object, key).get<T>());
}

std::string text_at(Json object, std::string_view key) { return std::string(at<std::string_view>(object, key)); }

std::string text_or_empty(Json object, std::string_view key) {
  return object[key].error() == simdjson::SUCCESS ? text_at(object, key) : "";
}

RankedQuery query_of(Json line) {
  RankedQuery query;
  query.id = text_at(line, "id");
  query.label = text_at(line, "label");
  query.path = text_at(line, "path");
  query.text = text_or_empty(line, "text");
  query.category = text_or_empty(line, "category");
  query.known = at<bool>(line, "known");
  query.relevant = at<std::uint64_t>(line, "relevant");
  query.copy = text_or_empty(line, "copy");
  for (const Json answer : at<simdjson::dom::array>(line, "answers"))
    query.answers.push_back({text_at(answer, "id"), text_at(answer, "label"), float(at<double>(answer, "score"))});
  query.answer_path = text_or_empty(line, "answer_path");
  if (Json item; line["right_item"].get(item) == simdjson::SUCCESS) {
    query.right_id = text_at(item, "id");
    query.right_path = text_at(item, "path");
  }
  return query;
}

RunLine run_line(Json line) {
  RunLine parsed{query_of(line), {}, {}};
  for (const Json rank : at<simdjson::dom::array>(line, "right")) parsed.right.push_back(std::uint64_t(rank));
  if (!parsed.query.known) return parsed;
  for (const auto [name, value] : at<simdjson::dom::object>(line, "metrics"))
    parsed.metrics.emplace_back(name, double(value));
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
  simdjson::dom::parser parser;
  for_each_line(run / "queries.jsonl", [&](const std::string& text) {
    auto line = run_line(parser.parse(text));
    use(line);
  });
}

}  // namespace matcher::run
