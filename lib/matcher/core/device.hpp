// Names of devices and precisions, as users type them.
#pragma once

#include <string>
#include <string_view>

namespace matcher {

/// "auto", "cpu", "cuda" or "cuda:N". `automatic` means: a GPU where there is one, else the CPU.
struct Device {
  enum class Kind { automatic, cpu, cuda };
  Kind kind = Kind::automatic;
  int index = 0;
  bool operator==(const Device&) const = default;
};

enum class Precision { automatic, fp32, bf16, fp16 };

/// Both throw Error(usage) with the names that are allowed.
Device parse_device(std::string_view text);
Precision parse_precision(std::string_view text);

std::string to_string(Device device);
std::string to_string(Precision precision);

}  // namespace matcher
