// Describes a network before it is built: TorchScript source and its weights. Plain data, because it crosses the border
// to the LibTorch plugin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace matcher::model {

enum class ElementType { fp32, fp16, bf16, other };

/// Borrowed weights, row-major. They must outlive the network.
struct Weight {
  std::string name;  ///< name of the attribute: `self.<name>` in the source
  ElementType type = ElementType::fp32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
  bool mapped = false;  ///< true: from a mapped file, whose pages may be released after copying
};

struct Part;

/// A module: its methods, its weights, and its submodules, which the source calls `self.<name>`.
struct Blueprint {
  std::string source;
  std::vector<Weight> weights;
  std::vector<Part> parts;
};

struct Part {
  std::string name;
  Blueprint module;
};

}  // namespace matcher::model
