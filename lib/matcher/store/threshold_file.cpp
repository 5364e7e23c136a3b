#include "matcher/store/threshold_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/core/version.hpp"
#include "matcher/files/json_damage.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/sum.hpp"

namespace matcher::store {
namespace {

using json = nlohmann::ordered_json;

json number(double value) { return std::isfinite(value) ? json(value) : json(); }
json finite(const Bounded& b) { return {{"value", b.value}, {"low", b.low}, {"high", b.high}}; }
json nullable(const Bounded& b) {
  return {{"value", number(b.value)}, {"low", number(b.low)}, {"high", number(b.high)}};
}

bool is_of(const json& stored, const IndexManifest& m) {
  return stored.at("schema") == schema::threshold && stored.at("index").at("fingerprint") == m.data.fingerprint &&
         stored.at("model").at("fingerprint") == m.model.fingerprint;
}

/// Files of 0.1.0 have no "score": theirs is the cosine.
ScoreThreshold threshold_in(const json& stored) {
  return {parse_score_kind(stored.value("score", "cosine")), stored.at("threshold").at("value").get<double>()};
}

}  // namespace

fs::path threshold_file(const fs::path& index) { return index / "threshold.json"; }

std::string threshold_text(const StoredThreshold& t) {
  const json out = {
      {"schema", schema::threshold},
      {"version", version},
      {"model", {{"name", t.model.name}, {"fingerprint", t.model.fingerprint}}},
      {"index", {{"fingerprint", t.index.fingerprint}}},
      {"dataset", t.dataset},
      {"score", to_string(t.score)},
      {"threshold", nullable(t.threshold)},
      {"wanted_false_alarms", t.wanted_false_alarms},
      {"false_alarms", finite(t.false_alarms)},
      {"detected", finite(t.detected)},
      {"queries", {{"known", t.known}, {"unknown", t.unknown}, {"unknown_are", t.left_out ? "left-out" : "real"}}}};
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

void write_threshold(const fs::path& index, const StoredThreshold& threshold) {
  write_atomically(threshold_file(index), with_sum(threshold_text(threshold)));
}

void check_threshold_place(const fs::path& index) { check_file_place(threshold_file(index)); }

bool remove_threshold(const fs::path& index) {
  std::error_code error;
  const bool removed = fs::remove(threshold_file(index), error);
  if (!error) return removed;
  throw Error(ErrorCode::resource,
              fmt::format("cannot remove \"{}\" ({})", threshold_file(index).string(), error.message()));
}

ScoreThreshold parse_threshold(const std::string& text, const IndexManifest& manifest, const std::string& origin,
                               const std::string& index) {
  const auto fail = [&](const std::string& why) {
    return Error(ErrorCode::input, fmt::format("\"{}\" is damaged ({}). Measure again: matcher threshold --index {}",
                                               origin, why, index));
  };
  if (has_wrong_sum(text)) throw fail("its content differs from its sum");
  try {
    const auto stored = json::parse(text);
    if (is_of(stored, manifest)) return threshold_in(stored);
  } catch (const json::exception& error) {
    throw fail(describe_damage(error));
  } catch (const Error& error) {
    throw fail(error.what());
  }
  throw Error(
      ErrorCode::mismatch,
      fmt::format("\"{}\" was measured on another index. Measure again: matcher threshold --index {}", origin, index));
}

std::optional<ScoreThreshold> read_threshold(const fs::path& index, const IndexManifest& manifest) {
  const auto file = threshold_file(index);
  if (!path_exists(file)) return std::nullopt;
  return parse_threshold(read_text(file), manifest, file.string(), index.string());
}

}  // namespace matcher::store
