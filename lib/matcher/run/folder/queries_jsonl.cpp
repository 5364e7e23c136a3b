#include "matcher/run/folder/queries_jsonl.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/run/folder/hashed_lines.hpp"

namespace matcher::run {
namespace {

using json = nlohmann::ordered_json;
using Read = simdjson::dom::element;

json answers_of(const RankedQuery& query) {
  json answers = json::array();
  for (std::size_t i = 0; i < std::min(answers_shown, query.answers.size()); ++i) {
    const auto& a = query.answers[i];
    answers.push_back({{"id", a.id}, {"label", a.label}, {"score", a.score}});
  }
  return answers;
}

json values_of(const RankedQuery& query, const std::vector<eval::Metric>& metrics) {
  const auto ranking = ranking_of(query);
  json values = json::object();
  for (const auto& metric : metrics) values[metric.name] = query.known() ? json(metric(ranking)) : json();
  return values;
}

void add_text(json& line, const char* key, const std::string& text) {
  if (!text.empty()) line[key] = text;
}

json columns_of(const ColumnValues& values) {
  json columns = json::object();
  for (const auto& [column, value] : values) columns[column.text()] = value;
  return columns;
}

Read at(Read object, std::string_view key) {
  Read value;
  if (object[key].get(value) == simdjson::SUCCESS) return value;
  throw std::out_of_range(fmt::format("{} is missing", key));
}

template <class T>
T at(Read object, std::string_view key) {
  return T(at(object, key).get<T>());
}

std::string text_at(Read object, std::string_view key) { return std::string(at<std::string_view>(object, key)); }

std::string text_or_empty(Read object, std::string_view key) {
  return object[key].error() == simdjson::SUCCESS ? text_at(object, key) : "";
}

/// Rising ranks from 1 to `depth`.
std::vector<std::size_t> ranks_at(Read line, std::string_view key, std::size_t depth) {
  const auto array = at<simdjson::dom::array>(line, key);
  std::vector<std::size_t> ranks;
  ranks.reserve(array.size());
  for (const Read element : array) {
    const auto rank = std::uint64_t(element);
    if (rank < 1 || rank > depth) throw std::out_of_range(fmt::format("no answer has the rank {}", rank));
    ranks.push_back(rank);
  }
  std::ranges::sort(ranks);
  return ranks;
}

RankedAnswer answer_of(Read answer) {
  return {text_at(answer, "id"), text_at(answer, "label"), float(at<double>(answer, "score"))};
}

void read_answers(Read line, std::size_t most, RankedQuery& query) {
  const auto answers = at<simdjson::dom::array>(line, "answers");
  query.answers.reserve(std::min(most, answers.size()));
  for (const Read answer : answers) {
    if (query.answers.size() == most) break;
    query.answers.push_back(answer_of(answer));
  }
}

void read_photos(Read line, RankedQuery& query) {
  auto& details = query.details.edit();
  details.text = text_or_empty(line, "text");
  details.answer_path = text_or_empty(line, "answer_path");
  Read item;
  if (line["right_item"].get(item) != simdjson::SUCCESS) return;
  details.right_id = text_at(item, "id");
  details.right_path = text_at(item, "path");
}

/// Reads the wanted columns, or all of them, and notes the names of all.
void read_columns(Read line, const std::vector<std::string>* wanted, std::set<std::string>& names, RankedQuery& query) {
  if (line["columns"].error() != simdjson::SUCCESS) return;
  const auto columns = at<simdjson::dom::object>(line, "columns");
  for (const auto [key, value] : columns) {
    const std::string name(key);
    names.insert(name);
    if (wanted != nullptr && std::ranges::find(*wanted, name) == wanted->end()) continue;
    query.details.edit().columns.push_back({name, std::string(value.get_string().value())});
  }
}

RankedQuery read_query(Read line, Fields fields, std::size_t depth) {
  RankedQuery query;
  query.id = text_at(line, "id");
  query.label = text_at(line, "label");
  query.category = text_or_empty(line, "category");
  query.path = text_at(line, "path");
  query.relevant = at<std::uint64_t>(line, "relevant");
  query.right = ranks_at(line, "right", depth);
  if (auto copy = text_or_empty(line, "copy"); !copy.empty()) query.details.edit().copy = std::move(copy);
  read_answers(line, fields == Fields::all ? answers_shown : 1, query);
  if (fields == Fields::all) read_photos(line, query);
  return query;
}

Read parse(simdjson::dom::parser& parser, const std::string& line) {
  auto parsed = parser.parse(line);
  if (parsed.error() == simdjson::MEMALLOC) throw std::bad_alloc();
  return parsed.value();
}

}  // namespace

QueryWriter::QueryWriter(const report::Metrics& metrics) {
  for (const auto& [name, estimate] : metrics) metrics_.push_back(eval::metric(name));
}

std::string QueryWriter::line(const RankedQuery& query) const {
  json line = {{"id", query.id},
               {"label", query.label},
               {"path", query.path},
               {"known", query.known()},
               {"relevant", query.relevant},
               {"right", query.right},
               {"metrics", values_of(query, metrics_)},
               {"answers", answers_of(query)}};
  add_text(line, "answer_path", query.details->answer_path);
  const bool wrong = query.known() && !query.answers.empty() && !is_right(query);
  if (wrong && !query.details->right_id.empty())
    line["right_item"] = {{"id", query.details->right_id}, {"path", query.details->right_path}};
  add_text(line, "category", query.category);
  if (!query.details->columns.empty()) line["columns"] = columns_of(query.details->columns);
  add_text(line, "text", query.details->text);
  add_text(line, "copy", query.details->copy);
  return line.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

QueryReader::QueryReader(Fields fields, std::size_t depth, std::vector<std::string> wanted)
    : fields_(fields), depth_(depth), wanted_(std::move(wanted)) {}

std::string QueryReader::for_each(const fs::path& file, const std::function<void(RankedQuery&)>& use) {
  simdjson::dom::parser parser;
  LineReader lines(file);
  for (std::string line; lines.next(line);) {
    RankedQuery query;
    try {
      const auto read = parse(parser, line);
      query = read_query(read, fields_, depth_);
      read_columns(read, fields_ == Fields::all ? nullptr : &wanted_, columns_, query);
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {
      throw Error(ErrorCode::input,
                  fmt::format("{}:{}: damaged ({}); evaluate again", file.string(), lines.number(), error.what()));
    }
    use(query);
  }
  return lines.hash();
}

}  // namespace matcher::run
