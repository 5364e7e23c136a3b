// Parts that several published JSON documents share (docs/reference/formats.md).
#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "matcher/core/error.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/files/json_damage.hpp"
#include "matcher/report/gate.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

using json = nlohmann::ordered_json;

json as_json(const ModelIdentity& model);
json as_json(const Data& data);
json as_json(const eval::Estimate& estimate);
json as_json(const eval::Gain& gain);
json as_json(const Metrics& metrics);
/// The metric, its estimate, and the sentence that people read.
json as_verdict(const Metrics::value_type& metric, const std::string& sentence);
json as_json(const Speed& speed);
json as_json(const Losses& losses);
json as_json(const Spread& spread);
json as_json(const Gate& gate);
json as_json(const NearDuplicates& found);

/// A document as text, indented, with a line feed at the end. Bytes that are not UTF-8 become U+FFFD.
std::string to_text(const json& document);

// Each throws an exception of nlohmann for a missing key or a wrong type.
ModelIdentity read_model(const json& json);
Data read_data(const json& json);
Speed read_speed(const json& json);
eval::Estimate read_estimate(const json& json);
Metrics read_metrics(const json& json);
/// Throws Error(usage) for an unknown metric.
std::string known_metric(const std::string& name);

/// Parses `text`, checks its schema and calls `read` on the document. Throws Error(input) with `origin`, the file, if
/// the schema differs or the document is damaged. `kind` ("a report of matcher") and `next_step` are for that message.
template <class Read>
auto read_document(const std::string& text, const std::string& origin, const char* schema, const char* kind,
                   const std::string& next_step, Read read) {
  try {
    const auto document = json::parse(text);
    const auto& found = document.at("schema");
    if (found != schema)
      throw Error(ErrorCode::input, fmt::format("\"{}\" has the schema {}, not \"{}\"", origin, found.dump(), schema));
    return read(document);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" is damaged, or not {}: {}. {}", origin, kind, describe_damage(error), next_step));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::usage) throw;  // usage: a word that is none of an enumeration
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" is damaged, or not {}: {}. {}", origin, kind, error.what(), next_step));
  }
}

}  // namespace matcher::report
