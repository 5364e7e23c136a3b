#include "matcher/report/tables/speed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/units.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {

std::vector<std::string> speed_titles() {
  return {"images/s", "image, ms (p50 / p95)", "search, ms (p50 / p95)", "peak memory"};
}

std::vector<std::string> speed_cells(const std::optional<SpeedTrial>& trial, bool comparable) {
  if (!trial) return {"not measured", "", "", ""};
  const auto& t = *trial;
  return {shown(t.images_per_second) + (comparable ? "" : ", not comparable"),
          fmt::format("{:.1f} / {:.1f}", t.image_ms_p50.median, t.image_ms_p95.median),
          fmt::format("{:.2f} / {:.2f}", t.search_ms_p50.median, t.search_ms_p95.median), human_bytes(t.peak_memory)};
}

std::vector<std::string> minor_speed_titles() {
  auto titles = speed_titles();
  std::ranges::reverse(titles);
  return titles;
}

std::vector<std::string> exact_speed_titles() {
  return {"trial_images_per_second", "trial_images_per_second_low", "trial_images_per_second_high",
          "trial_image_ms_p50",      "trial_image_ms_p95",          "trial_search_ms_p50",
          "trial_search_ms_p95",     "trial_peak_memory_bytes",     "trial_comparable"};
}

std::vector<std::string> exact_speed_cells(const std::optional<SpeedTrial>& trial, bool comparable) {
  if (!trial) return std::vector<std::string>(exact_speed_titles().size());
  const auto& t = *trial;
  const auto& s = t.images_per_second;
  std::vector<std::string> cells;
  for (const double v : {s.median, s.low, s.high, t.image_ms_p50.median, t.image_ms_p95.median, t.search_ms_p50.median,
                         t.search_ms_p95.median})
    cells.push_back(exact(v));
  cells.push_back(fmt::format("{}", t.peak_memory));
  cells.emplace_back(comparable ? "true" : "false");
  return cells;
}

std::vector<std::string> speed_notes(std::span<const std::optional<SpeedTrial>> trials,
                                     std::span<const std::string> names) {
  const auto measured = std::ranges::find_if(trials, [](const auto& trial) { return trial.has_value(); });
  if (measured == trials.end()) return {};
  std::vector<std::string> notes{describe_conditions(**measured)};
  const auto why_not = doubts(trials);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (!why_not[i].empty() && trials[i])
      notes.push_back(fmt::format("speed of {} is not comparable: {}", names[i], why_not[i]));
  }
  const auto first = fastest(trials);
  notes.push_back(
      first ? fmt::format("fastest: {} ({} images/s)", names[*first], rate(trials[*first]->images_per_second.median))
            : "fastest: none is shown to be");
  return notes;
}

}  // namespace matcher::report
