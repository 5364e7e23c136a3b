// Products of codes on the tiles of processors that have them, by oneDNN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "matcher/index/exact/kernels.hpp"

namespace matcher::index {

class TileProduct {
 public:
  static constexpr std::size_t rows = 64;  ///< multiplied at a time

  /// True if the processor has tiles and this many queries fill them.
  static bool pays(std::size_t queries);
  explicit TileProduct(const QueryCodes& queries);
  ~TileProduct();
  TileProduct(const TileProduct&) = delete;
  TileProduct& operator=(const TileProduct&) = delete;

  /// Computes products [rows, lanes], as Kernels::multiply() does. Each thread needs its own Workspace.
  class Workspace;
  void multiply(const std::uint8_t* codes, std::int32_t* products) const;

 private:
  struct Plan;
  const std::unique_ptr<Plan> plan_;
};

}  // namespace matcher::index
