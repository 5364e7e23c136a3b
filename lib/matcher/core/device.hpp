// Parses and prints names of devices and precisions, as users type them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace matcher {

/// A device: "auto", "cpu", "cuda", "cuda:N" or, for several GPUs, "cuda:N,M". `automatic` is a GPU if there is one,
/// otherwise the CPU.
struct Device {
  enum class Kind { automatic, cpu, cuda };
  Kind kind = Kind::automatic;
  int index = 0;
  std::vector<int> others{};  ///< GPUs beside the first; all of them embed, only the first searches

  /// The numbers of all GPUs, in the order in which they were named.
  std::vector<int> indices() const {
    std::vector<int> all{index};
    all.insert(all.end(), others.begin(), others.end());
    return all;
  }
  bool operator==(const Device&) const = default;
};

enum class Precision { automatic, fp32, bf16, fp16 };

/// Both throw Error(usage) with the allowed names.
Device parse_device(std::string_view text);
Precision parse_precision(std::string_view text);

std::string to_string(const Device& device);
std::string to_string(Precision precision);

/// Reads the first processor's name and instruction sets, and the limits of LibTorch and oneDNN in the environment.
std::string processor_identity();

}  // namespace matcher
