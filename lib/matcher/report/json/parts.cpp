#include "matcher/report/json/parts.hpp"

#include "matcher/report/verdict.hpp"

#include "matcher/eval/metrics.hpp"

namespace matcher::report {

json as_json(const Spread& s) { return {{"median", s.median}, {"low", s.low}, {"high", s.high}}; }

namespace {

json as_json(const SpeedTrial& t) {
  return {{"images_per_second", as_json(t.images_per_second)},
          {"image_ms_p50", as_json(t.image_ms_p50)},
          {"image_ms_p95", as_json(t.image_ms_p95)},
          {"search_ms_p50", as_json(t.search_ms_p50)},
          {"search_ms_p95", as_json(t.search_ms_p95)},
          {"peak_memory_bytes", t.peak_memory},
          {"images", t.images},
          {"batch_size", t.batch_size},
          {"repeats", t.repeats},
          {"photos", t.photos},
          {"processor", t.processor},
          {"cores", t.cores},
          {"threads", t.threads},
          {"device", t.device},
          {"precision", t.precision},
          {"load", t.load},
          {"created", t.created}};
}

Spread read_spread(const json& j) { return {j.at("median"), j.at("low"), j.at("high")}; }

SpeedTrial read_trial(const json& j) {
  SpeedTrial t;
  t.images_per_second = read_spread(j.at("images_per_second"));
  t.image_ms_p50 = read_spread(j.at("image_ms_p50"));
  t.image_ms_p95 = read_spread(j.at("image_ms_p95"));
  t.search_ms_p50 = read_spread(j.at("search_ms_p50"));
  t.search_ms_p95 = read_spread(j.at("search_ms_p95"));
  t.peak_memory = j.at("peak_memory_bytes");
  t.images = j.at("images");
  t.batch_size = j.at("batch_size");
  t.repeats = j.at("repeats");
  t.photos = j.at("photos");
  t.processor = j.at("processor");
  t.cores = j.at("cores");
  t.threads = j.at("threads");
  t.device = j.at("device");
  t.precision = j.at("precision");
  t.load = j.at("load");
  t.created = j.at("created");
  return t;
}

}  // namespace

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
          {"queries_are", name_of(d.queries_are)},
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

json as_json(const eval::Gain& g) {
  return {{"value", g.value},
          {"low", g.low},
          {"high", g.high},
          {"p", g.p},
          {"p_corrected", g.p_corrected},
          {"shown", is_shown(g)},
          {"detectable", g.detectable},
          {"test", g.test}};  // NaN becomes null
}

json as_json(const Metrics& metrics) {
  json out = json::object();
  for (const auto& [name, e] : metrics) out[name] = as_json(e);
  return out;
}

json as_verdict(const Metrics::value_type& metric, const std::string& sentence) {
  json out{{"metric", metric.first}};
  out.update(as_json(metric.second));
  out["sentence"] = sentence;
  return out;
}

json as_json(const Speed& s) {
  json out = {{"images_per_second", s.images_per_second},
              {"search_ms_p50", s.search_ms_p50},
              {"search_ms_p95", s.search_ms_p95}};
  if (s.trial) out["trial"] = as_json(*s.trial);
  return out;
}

Speed read_speed(const json& j) {
  Speed speed{j.at("images_per_second"), j.at("search_ms_p50"), j.at("search_ms_p95")};
  if (j.contains("trial")) speed.trial = read_trial(j.at("trial"));
  return speed;
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
  return {{"limit", found.limit},
          {"limit_separates", found.limit_separates()},
          {"copies", found.copies},
          {"near", found.near},
          {"without", {{"queries", found.others}, {"metrics", as_json(found.without)}}},
          {"pairs", pairs},
          {"pairs_left_out", found.copies + found.near - found.pairs.size()}};
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
  d.queries_are = parse_query_kind(j.value("queries_are", "image"));  // reports of earlier versions do not say
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
