#include "flags/gate_flags.hpp"

namespace matcher::app {
namespace {

std::vector<run::MetricLimit> limits_of(const std::string& text, const char* flag) {
  return text.empty() ? std::vector<run::MetricLimit>() : run::parse_limits(text, flag);
}

}  // namespace

void add_gate_flags(CLI::App& command, GateFlags& flags) {
  const auto add = options_of_group(command, group::gate);
  add("--max-drop", flags.max_drop,
      "Largest allowed drop against the baseline, e.g. top1=0.01; exit code 6: larger, 7: too few photos to tell");
  add("--max-drop-label", flags.max_drop_label,
      "Largest allowed drop of every label, e.g. top1=0.10; exit code 6: larger");
  add("--slice", flags.slices, "Judge every value of these columns of the queries by itself, e.g. category,brand")
      ->delimiter(',')
      ->allow_extra_args(false);
  add("--max-drop-slice", flags.max_drop_slice,
      "Largest allowed drop of every slice, e.g. top1=0.10 (default: that of --max-drop)");
  add("--max-slowdown", flags.max_slowdown,
      "Largest allowed slowdown, e.g. images_per_second=0.10,search_ms_p95=0.20; both runs need --speed");
  add("--max-p95", flags.max_p95,
      "Longest allowed time of an image in milliseconds, 95th percentile; every run but the baseline needs --speed")
      ->check(number_between(0));
  add("--min-images-per-second", flags.min_images_per_second,
      "Smallest allowed speed of embedding; every run but the baseline needs --speed")
      ->check(number_between(0));
  add("--max-drift", flags.max_drift,
      "Largest allowed distance of the best scores from the baseline's, e.g. 0.1 (Kolmogorov-Smirnov)")
      ->check(number_between(0, 1));
}

run::GateOptions gate_options(const GateFlags& flags) {
  run::GateOptions gate;
  gate.max_drop = limits_of(flags.max_drop, "--max-drop");
  gate.max_drop_label = limits_of(flags.max_drop_label, "--max-drop-label");
  gate.max_drop_slice = limits_of(flags.max_drop_slice, "--max-drop-slice");
  gate.max_slowdown = limits_of(flags.max_slowdown, "--max-slowdown");
  gate.slices = flags.slices;
  gate.max_drift = flags.max_drift;
  if (flags.max_p95) gate.speed_limits.push_back({"image_ms_p95", *flags.max_p95});
  if (flags.min_images_per_second) gate.speed_limits.push_back({"images_per_second", *flags.min_images_per_second});
  return gate;
}

}  // namespace matcher::app
