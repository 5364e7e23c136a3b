#include "matcher/model/load/trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/temporary.hpp"

namespace matcher::model {
namespace {

constexpr const char* none = "none";
constexpr std::pair<Layout, const char*> layouts[] = {
    {Layout::planar, "planar"}, {Layout::channels_last, "channels-last"}, {Layout::xnnpack, "xnnpack"}};

const char* to_string(Layout layout) {
  return std::ranges::find(layouts, layout, &std::pair<Layout, const char*>::first)->second;
}

std::optional<Layout> parse_layout(const std::string& name) {
  for (const auto& [layout, text] : layouts)
    if (name == text) return layout;
  return std::nullopt;
}

}  // namespace

std::optional<Trial> read_trial(const fs::path& folder, const std::string& key) try {
  if (folder.empty()) return std::nullopt;
  std::ifstream in(folder / key);
  Trial trial;
  std::string device, precision, cosine, layout;
  if (!(in >> trial.dimension >> device >> precision >> cosine >> layout) || trial.dimension == 0) return std::nullopt;
  if (!parse_layout(layout)) return std::nullopt;
  trial.layout = *parse_layout(layout);
  if (cosine != none) {
    double number = 0;
    const auto [end, error] = std::from_chars(cosine.data(), cosine.data() + cosine.size(), number);
    if (error != std::errc() || end != cosine.data() + cosine.size()) return std::nullopt;
    trial.cosine = number;
  }
  trial.device = parse_device(device);
  trial.precision = parse_precision(precision);
  const bool is_whole = trial.device.kind != Device::Kind::automatic && trial.precision != Precision::automatic;
  return is_whole ? std::optional(trial) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

void write_trial(const fs::path& folder, const std::string& key, const Trial& trial) try {
  if (folder.empty()) return;
  make_folder(folder);
  remove_left_over_files(folder / key);
  write_atomically(folder / key,
                   fmt::format("{} {} {} {} {}\n", trial.dimension, to_string(trial.device), to_string(trial.precision),
                               trial.cosine ? fmt::format("{:.9f}", *trial.cosine) : none, to_string(trial.layout)));
} catch (const Error&) {
}

}  // namespace matcher::model
