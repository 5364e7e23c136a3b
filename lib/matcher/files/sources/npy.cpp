#include "matcher/files/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "matcher/core/error.hpp"

namespace matcher {
namespace {

constexpr std::string_view magic{"\x93NUMPY", 6};

[[noreturn]] void fail(const std::string& name, const std::string& reason) {
  throw Error(ErrorCode::input, fmt::format("{} {}. Save it again with numpy.save, as float32", name, reason));
}

/// Returns the header after `'key':`.
std::string_view value_of(std::string_view header, std::string_view key, const std::string& name) {
  const auto at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) fail(name, fmt::format("has no {} in its header", key));
  const auto start = header.find_first_not_of(' ', at + key.size() + 3);
  return start == std::string_view::npos ? std::string_view() : header.substr(start);
}

std::vector<std::size_t> parse_shape(std::string_view text, const std::string& name) {
  const auto end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos) fail(name, "has no shape");
  std::vector<std::size_t> shape;
  for (const char *at = text.data() + 1, *last = text.data() + end; at < last;) {
    std::size_t side = 0;
    const auto [next, error] = std::from_chars(at, last, side);
    if (error == std::errc()) shape.push_back(side);
    at = error == std::errc() ? next : at + 1;
  }
  return shape;
}

std::size_t count_of(std::span<const std::size_t> shape, const std::string& name) {
  std::size_t count = 1;
  for (const auto side : shape) {
    if (__builtin_mul_overflow(count, side, &count)) fail(name, "has an impossible shape");
  }
  return count;
}

float from_half(std::uint16_t half) {
  const int sign = half >> 15, exponent = half >> 10 & 31, fraction = half & 1023;
  const float size = exponent == 0    ? std::ldexp(float(fraction), -24)
                     : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                                      : std::ldexp(float(fraction + 1024), exponent - 25);
  return sign != 0 ? -size : size;
}

template <class Stored, class Convert>
void convert(std::string_view bytes, std::span<float> out, const Convert& convert_one) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    out[i] = convert_one(stored);
  }
}

NpyType type_of(std::string_view description, const std::string& name) {
  const auto type = description.substr(0, description.find_first_of(",}"));
  if (type.starts_with("'<f4'")) return NpyType::fp32;
  if (type.starts_with("'<f8'")) return NpyType::fp64;
  if (type.starts_with("'<f2'")) return NpyType::fp16;
  fail(name, fmt::format("holds numbers of type {}, not float16, float32 or float64 in little-endian order", type));
}

std::size_t byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

}  // namespace

std::string npy_header(std::span<const std::size_t> shape) {
  const auto comma = shape.size() == 1 ? "," : "";
  auto description =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}{}), }}", fmt::join(shape, ", "), comma);
  constexpr std::size_t before = magic.size() + 4;  // with the version and the length
  description.resize(npy_header_bytes - before - 1, ' ');
  description += '\n';
  std::string header(magic);
  header += {'\1', '\0', char(description.size() & 0xff), char(description.size() >> 8)};
  return header + description;
}

std::string to_npy(const NpyArray& array) {
  return npy_header(array.shape) +
         std::string(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
}

std::size_t size_of(NpyType type) {
  if (type == NpyType::fp16) return 2;
  return type == NpyType::fp32 ? 4 : 8;
}

std::string to_string(NpyType type) {
  if (type == NpyType::fp16) return "fp16";
  return type == NpyType::fp32 ? "fp32" : "fp64";
}

std::size_t NpyHeader::count() const {
  std::size_t product = 1;
  for (const auto side : shape) product *= side;  // parse_npy_header() checked it
  return product;
}

std::size_t npy_header_size(std::string_view start, const std::string& name) {
  if (!start.starts_with(magic) || start.size() < npy_start_bytes) fail(name, "is not a .npy file");
  const auto length = byte_at(start, 8) | byte_at(start, 9) << 8;
  if (start[6] == 1) return 10 + length;
  return 12 + (length | byte_at(start, 10) << 16 | byte_at(start, 11) << 24);
}

NpyHeader parse_npy_header(std::string_view header, const std::string& name) {
  if (header.size() < npy_header_size(header, name)) fail(name, "is truncated: its header is incomplete");
  NpyHeader parsed;
  parsed.shape = parse_shape(value_of(header, "shape", name), name);
  count_of(parsed.shape, name);
  if (!value_of(header, "fortran_order", name).starts_with("False") && parsed.shape.size() > 1)
    fail(name, "is not in row-major order");
  parsed.type = type_of(value_of(header, "descr", name), name);
  return parsed;
}

void convert_npy(NpyType type, std::string_view bytes, std::span<float> out) {
  if (type == NpyType::fp32) return convert<float>(bytes, out, [](float v) { return v; });
  if (type == NpyType::fp64) return convert<double>(bytes, out, [](double v) { return float(v); });
  convert<std::uint16_t>(bytes, out, from_half);
}

NpyArray parse_npy(std::string_view bytes, const std::string& name) {
  const auto start = npy_header_size(bytes, name);
  const auto header = parse_npy_header(bytes.substr(0, start), name);
  const auto data = bytes.substr(start);
  const auto count = header.count();
  if (data.size() / size_of(header.type) < count)
    fail(name,
         fmt::format("is truncated: it has {} bytes of data, but its shape needs {} numbers", data.size(), count));
  NpyArray array{header.shape, std::vector<float>(count)};
  convert_npy(header.type, data, array.values);
  return array;
}

}  // namespace matcher
