// A trial of a model's speed, and which trials can be compared.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace matcher::report {

/// A value that was measured several times.
struct Spread {
  double median = 0, low = 0, high = 0;
};

/// The speed of a model on a fixed set of photos, measured by itself. Images are read, decoded and embedded.
struct SpeedTrial {
  Spread images_per_second;             ///< in batches
  Spread image_ms_p50, image_ms_p95;    ///< one image at a time
  Spread search_ms_p50, search_ms_p95;  ///< one query at a time, 10 answers
  std::uintmax_t peak_memory = 0;       ///< bytes of the process: network, index and vectors
  std::size_t images = 0, batch_size = 0, repeats = 0;
  std::string photos;  ///< hash of the images
  std::string processor, device, precision;
  int cores = 0, threads = 0;
  double load = 0;      ///< share of the processor that other programs used, 0 to 1
  std::string created;  ///< UTC, 2026-03-01T12:00:00Z
};

/// One value of a trial.
struct SpeedMeasure {
  const char *name, *title;  ///< "images_per_second" as in JSON, "images per second" for people
  Spread SpeedTrial::*value;
  bool higher_is_better;
};

/// Throws Error(usage), naming `flag` and the measures, for an unknown name.
const SpeedMeasure& find_speed_measure(const std::string& name, const std::string& flag);

/// How much slower `now` is than `before`: the share by which a rate fell, or a time rose. `median` compares the
/// medians, `low` the fastest repeat with the slowest before, `high` the slowest repeat with the fastest before.
Spread slowdown(const SpeedMeasure& measure, const Spread& before, const Spread& now);

/// The largest load at which a trial counts.
inline constexpr double quiet_load = 0.1;

/// Why each trial cannot be compared with the others: it is missing, other programs ran, or it was measured with
/// another machine, device, precision or other photos than most. Empty texts: it can.
std::vector<std::string> doubts(std::span<const std::optional<SpeedTrial>> trials);

/// The trial whose slowest repeat is faster than the fastest of every other one, if there are two or more without
/// doubts.
std::optional<std::size_t> fastest(std::span<const std::optional<SpeedTrial>> trials);

}  // namespace matcher::report
