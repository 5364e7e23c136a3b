#include "matcher/report/speed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"

namespace matcher::report {
namespace {

using Trials = std::span<const std::optional<SpeedTrial>>;

/// A condition that must be alike: its name, and its value for a trial.
struct Condition {
  const char* name;
  std::string (*value)(const SpeedTrial&);
};

constexpr std::array measures{
    SpeedMeasure{"images_per_second", "images per second", &SpeedTrial::images_per_second, true},
    SpeedMeasure{"image_ms_p50", "median time of a photo", &SpeedTrial::image_ms_p50, false},
    SpeedMeasure{"image_ms_p95", "95th percentile of the time of a photo", &SpeedTrial::image_ms_p95, false},
    SpeedMeasure{"search_ms_p50", "median time of a search", &SpeedTrial::search_ms_p50, false},
    SpeedMeasure{"search_ms_p95", "95th percentile of the time of a search", &SpeedTrial::search_ms_p95, false},
};

constexpr std::array conditions{
    Condition{"machine", [](const SpeedTrial& t) { return fmt::format("{}, {} cores", t.processor, t.cores); }},
    Condition{"device", [](const SpeedTrial& t) { return t.device; }},
    Condition{"precision", [](const SpeedTrial& t) { return t.precision; }},
    Condition{"number of threads", [](const SpeedTrial& t) { return fmt::format("{}", t.threads); }},
    Condition{"set of photos", [](const SpeedTrial& t) { return t.photos.substr(0, 8); }},
    Condition{"batch size", [](const SpeedTrial& t) { return fmt::format("{}", t.batch_size); }},
};

/// "precision bf16 (others: fp32)" for the first condition that differs; "" if all are alike.
std::string difference(const SpeedTrial& trial, const SpeedTrial& usual) {
  for (const auto& condition : conditions) {
    const auto value = condition.value(trial), expected = condition.value(usual);
    if (value != expected) return fmt::format("{} {} (others: {})", condition.name, value, expected);
  }
  return {};
}

bool is_quiet(const std::optional<SpeedTrial>& trial) { return trial && trial->load <= quiet_load; }

/// The first of the quiet trials whose conditions most others have; null if no trial is quiet.
const SpeedTrial* usual_trial(Trials trials) {
  const SpeedTrial* usual = nullptr;
  std::ptrdiff_t most = 0;
  for (const auto& trial : trials) {
    if (!is_quiet(trial)) continue;
    const auto alike = std::ranges::count_if(
        trials, [&](const auto& other) { return is_quiet(other) && difference(*other, *trial).empty(); });
    if (alike > most) usual = &*trial, most = alike;
  }
  return usual;
}

std::string doubt(const std::optional<SpeedTrial>& trial, const SpeedTrial* usual) {
  if (!trial) return "not measured";
  if (!is_quiet(trial)) return fmt::format("other programs used {:.0f} % of the processor", 100 * trial->load);
  return difference(*trial, *usual);
}

}  // namespace

const SpeedMeasure& find_speed_measure(const std::string& name, const std::string& flag) {
  const auto found = std::ranges::find(measures, name, [](const SpeedMeasure& m) { return std::string(m.name); });
  if (found != measures.end()) return *found;
  std::vector<std::string> names;
  for (const auto& measure : measures) names.emplace_back(measure.name);
  throw Error(ErrorCode::usage, fmt::format("{} names \"{}\", which is not a measured speed. Use {}", flag, name,
                                            fmt::join(names, ", ")));
}

Spread slowdown(const SpeedMeasure& measure, const Spread& before, const Spread& now) {
  if (measure.higher_is_better)
    return {1 - now.median / before.median, 1 - now.high / before.low, 1 - now.low / before.high};
  return {now.median / before.median - 1, now.low / before.high - 1, now.high / before.low - 1};
}

std::vector<std::string> doubts(Trials trials) {
  const auto* usual = usual_trial(trials);
  std::vector<std::string> all;
  for (const auto& trial : trials) all.push_back(doubt(trial, usual));
  return all;
}

std::optional<std::size_t> fastest(Trials trials) {
  const auto why_not = doubts(trials);
  std::vector<std::size_t> sure;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (why_not[i].empty()) sure.push_back(i);
  }
  if (sure.size() < 2) return std::nullopt;
  const auto best = *std::ranges::max_element(sure, {}, [&](auto i) { return trials[i]->images_per_second.low; });
  const bool is_shown = std::ranges::all_of(sure, [&](auto i) {
    return i == best || trials[i]->images_per_second.high < trials[best]->images_per_second.low;
  });
  return is_shown ? std::optional(best) : std::nullopt;
}

}  // namespace matcher::report
