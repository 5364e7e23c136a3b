// What was found out when a network was tried on this machine, so that it need not be tried at every start. Private to
// this layer.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "matcher/core/device.hpp"

namespace matcher::model {

struct Trial {
  std::size_t dimension = 0;
  Device device;  ///< neither is `automatic`
  Precision precision = Precision::fp32;
  std::optional<double> cosine;  ///< of the golden sample's vectors in bf16 and in fp32, where it was to decide
};

/// One small file for each `key`, 32 hex digits, in a folder that may be removed at any time. An empty folder: nothing
/// is remembered. A file that does not fit is as one that is not there, and one that cannot be written is left out.
std::optional<Trial> read_trial(const std::filesystem::path& folder, const std::string& key);
void write_trial(const std::filesystem::path& folder, const std::string& key, const Trial& trial);

}  // namespace matcher::model
