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

/// Numbers that are read; float16 and float64 are converted to float32.
enum class NpyType { fp16, fp32, fp64 };
std::size_t size_of(NpyType type);  ///< bytes per number
std::string to_string(NpyType type);

/// The header of an array that is read in pieces.
struct NpyHeader {
  std::vector<std::size_t> shape;
  NpyType type = NpyType::fp32;
  std::size_t count() const;  ///< numbers
};

inline constexpr std::size_t npy_start_bytes = 12;  ///< enough to know the size of the header

/// Returns the size of the header, in bytes, from the first npy_start_bytes of the file. Throws Error(input) if they
/// are not those of a .npy file.
std::size_t npy_header_size(std::string_view start, const std::string& name);

/// Parses a whole header. Throws Error(input) for columns-first order, and for other numbers than NpyType has.
NpyHeader parse_npy_header(std::string_view header, const std::string& name);

/// Converts out.size() numbers of `type`.
void convert_npy(NpyType type, std::string_view bytes, std::span<float> out);

/// Reads float32, float64 (rounded) and float16 arrays in row-major order, little-endian. Throws Error(input) with
/// `name` and the fault.
NpyArray parse_npy(std::string_view bytes, const std::string& name);

}  // namespace matcher
