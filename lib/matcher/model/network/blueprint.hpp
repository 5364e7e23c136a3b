// A network before it is built: TorchScript source and the weights that it names. Plain data, because it crosses the
// border to the LibTorch plugin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace matcher::model {

enum class ElementType { fp32, fp16, bf16, other };

/// Somebody else's numbers, row-major; they outlive the network that is built on them.
struct Weight {
  std::string name;  ///< of the attribute: `self.<name>` in the source
  ElementType type = ElementType::fp32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
  bool mapped = false;  ///< from a file, whose pages may be given back once they are copied
};

struct Part;

/// A module: its methods, its weights, and the modules in it, which stand as `self.<name>` in the source.
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
