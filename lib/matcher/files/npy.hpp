// Reads and writes numpy's file format for arrays. Reference: numpy.lib.format.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace matcher {

inline constexpr std::size_t npy_header_bytes = 128;

/// Formats the header of a float32 array in row-major order (version 1.0), padded to npy_header_bytes.
std::string npy_header(std::span<const std::size_t> shape);

struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<float> values;  ///< row-major
};

std::string to_npy(const NpyArray& array);

/// Reads float32, float64 (rounded) and float16 arrays in row-major order, little-endian. Throws Error(input) with
/// `name` and the fault.
NpyArray parse_npy(std::string_view bytes, const std::string& name);

}  // namespace matcher
