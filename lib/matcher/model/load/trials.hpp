// Stores the results of trying a network on this machine, so that it is not tried at every start.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "matcher/core/device.hpp"
#include "matcher/model/network/network.hpp"

namespace matcher::model {

struct Trial {
  std::size_t dimension = 0;
  Device device;  ///< never `automatic`, like the precision
  Precision precision = Precision::fp32;
  std::optional<double> cosine;  ///< golden_cosine(); nullopt: there was nothing to prove
  Layout layout = Layout::planar;
};

/// Reads or writes one small file per `key`, 32 hex digits. An empty `folder` stores nothing. The folder may be deleted
/// at any time: a missing or invalid file gives nullopt, and write errors are ignored.
std::optional<Trial> read_trial(const std::filesystem::path& folder, const std::string& key);
void write_trial(const std::filesystem::path& folder, const std::string& key, const Trial& trial);

}  // namespace matcher::model
