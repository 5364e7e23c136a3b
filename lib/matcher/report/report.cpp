#include "matcher/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"

namespace matcher::report {

using json = nlohmann::ordered_json;

namespace {

constexpr const char* report_schema = "matcher.report/1";

json of(const Model& m) {
  return {{"name", m.name},           {"dimension", m.dimension}, {"fingerprint", m.fingerprint},
          {"size_bytes", m.size_bytes}, {"precision", m.precision}, {"device", m.device}};
}

json of(const Data& d) {
  return {{"name", d.name},
          {"fingerprint", d.fingerprint},
          {"gallery", d.gallery},
          {"queries", d.queries},
          {"labels", d.labels},
          {"protocol", d.protocol},
          {"gallery_failures", d.gallery_failures},
          {"query_failures", d.query_failures},
          {"unknown_queries", d.unknown_queries},
          {"unknown_labels", d.unknown_labels},
          {"self_matches", d.self_matches}};
}

json of(const Metrics& metrics) {
  json out = json::object();
  for (const auto& [name, e] : metrics) out[name] = {{"value", e.value}, {"low", e.low}, {"high", e.high}};
  return out;
}

json of(const Speed& s) {
  return {{"images_per_second", s.images_per_second}, {"search_ms_p50", s.search_ms_p50}, {"search_ms_p95", s.search_ms_p95}};
}

Model model_of(const json& j) {
  return {j.at("name"), j.at("fingerprint"), j.at("precision"), j.at("device"), j.at("dimension"), j.at("size_bytes")};
}

Data data_of(const json& j) {
  Data d;
  d.name = j.at("name");
  d.fingerprint = j.at("fingerprint");
  d.protocol = j.at("protocol");
  d.gallery = j.at("gallery");
  d.queries = j.at("queries");
  d.labels = j.at("labels");
  d.gallery_failures = j.at("gallery_failures");
  d.query_failures = j.at("query_failures");
  d.unknown_queries = j.at("unknown_queries");
  d.unknown_labels = j.at("unknown_labels").get<std::vector<std::string>>();
  d.self_matches = j.at("self_matches");
  return d;
}

Metrics metrics_of(const json& j) {
  Metrics metrics;
  for (const auto& [name, e] : j.items()) metrics.push_back({name, {e.at("value"), e.at("low"), e.at("high")}});
  return metrics;
}

}  // namespace

std::string to_json(const Report& r) {
  const json out = {{"schema", report_schema},     {"model", of(r.model)}, {"dataset", of(r.dataset)}, {"index", r.index},
                    {"depth", r.depth},            {"metrics", of(r.metrics)}, {"speed", of(r.speed)}};
  return out.dump(2) + '\n';
}

Report parse_report(const std::string& text, const std::string& origin) {
  try {
    const auto j = json::parse(text);
    if (j.at("schema") != report_schema) {
      throw Error(ErrorCode::input, fmt::format("{} has the schema {}, not {}", origin, j.at("schema").dump(), report_schema));
    }
    const auto& s = j.at("speed");
    return {model_of(j.at("model")),
            data_of(j.at("dataset")),
            j.at("index"),
            j.at("depth"),
            metrics_of(j.at("metrics")),
            {s.at("images_per_second"), s.at("search_ms_p50"), s.at("search_ms_p95")}};
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::input, fmt::format("{} is no report of matcher ({}); evaluate again", origin, error.what()));
  }
}

const eval::Estimate* find_metric(const Metrics& metrics, const std::string& name) {
  const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const auto& m) { return m.first == name; });
  return found == metrics.end() ? nullptr : &found->second;
}

}  // namespace matcher::report
