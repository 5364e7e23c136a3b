#include "matcher/report/json/parts.hpp"

#include "matcher/eval/metrics.hpp"

namespace matcher::report {

json as_json(const ModelIdentity& m) {
  return {{"name", m.name},
          {"dimension", m.dimension},
          {"fingerprint", m.fingerprint},
          {"size_bytes", m.size_bytes},
          {"precision", m.precision},
          {"device", m.device}};
}

json as_json(const Data& d) {
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

json as_json(const eval::Estimate& e) { return {{"value", e.value}, {"low", e.low}, {"high", e.high}}; }

json as_json(const Metrics& metrics) {
  json out = json::object();
  for (const auto& [name, e] : metrics) out[name] = as_json(e);
  return out;
}

json as_json(const Speed& s) {
  return {{"images_per_second", s.images_per_second},
          {"search_ms_p50", s.search_ms_p50},
          {"search_ms_p95", s.search_ms_p95}};
}

json as_json(const Losses& losses) {
  json out = json::object();
  for (const auto& [name, loss] : losses) {
    out[name] = {{"model", loss.model},
                 {"ties", loss.ties},
                 {"quantisation", loss.quantisation},
                 {"approximation", loss.approximation}};
  }
  return out;
}

json as_json(const NearDuplicates& found) {
  json pairs = json::array();
  for (const auto& pair : found.pairs)
    pairs.push_back({{"query", pair.query}, {"item", pair.item}, {"cosine", pair.cosine}, {"copy", pair.copy}});
  return {{"limit", found.limit}, {"copies", found.copies},
          {"near", found.near},   {"without", {{"queries", found.others}, {"metrics", as_json(found.without)}}},
          {"pairs", pairs},       {"pairs_left_out", found.copies + found.near - found.pairs.size()}};
}

std::string to_text(const json& document) {
  return document.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

ModelIdentity read_model(const json& j) {
  return {.name = j.at("name"),
          .fingerprint = j.at("fingerprint"),
          .precision = j.at("precision"),
          .device = j.at("device"),
          .dimension = j.at("dimension"),
          .size_bytes = j.at("size_bytes")};
}

Data read_data(const json& j) {
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

eval::Estimate read_estimate(const json& e) { return {e.at("value"), e.at("low"), e.at("high")}; }

std::string known_metric(const std::string& name) { return eval::metric(name).name; }

Metrics read_metrics(const json& j) {
  Metrics metrics;
  for (const auto& [name, e] : j.items()) metrics.push_back({known_metric(name), read_estimate(e)});
  return metrics;
}

}  // namespace matcher::report
