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
std::vector<float> read_values(std::string_view data, std::size_t count, const std::string& name,
                               const Convert& convert) {
  if (data.size() / sizeof(Stored) < count)
    fail(name,
         fmt::format("is truncated: it has {} bytes of data, but its shape needs {} numbers", data.size(), count));
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    Stored stored;
    std::memcpy(&stored, data.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = convert(stored);
  }
  return values;
}

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

NpyArray parse_npy(std::string_view bytes, const std::string& name) {
  if (!bytes.starts_with(magic) || bytes.size() < 12) fail(name, "is not a .npy file");
  const auto byte = [&](std::size_t i) { return std::size_t(static_cast<unsigned char>(bytes[i])); };
  const bool first_version = bytes[6] == 1;
  const auto start = first_version ? 10 : 12;
  const auto length = byte(8) | byte(9) << 8 | (first_version ? 0 : byte(10) << 16 | byte(11) << 24);
  if (bytes.size() - std::size_t(start) < length) fail(name, "is truncated: its header is incomplete");
  const auto header = bytes.substr(std::size_t(start), length);
  const auto data = bytes.substr(std::size_t(start) + length);
  const auto type = value_of(header, "descr", name).substr(0, 5);
  const auto shape = parse_shape(value_of(header, "shape", name), name);
  const auto count = count_of(shape, name);
  if (!value_of(header, "fortran_order", name).starts_with("False") && shape.size() > 1)
    fail(name, "is not in row-major order");
  if (type == "'<f4'") return {shape, read_values<float>(data, count, name, [](float v) { return v; })};
  if (type == "'<f8'") return {shape, read_values<double>(data, count, name, [](double v) { return float(v); })};
  if (type == "'<f2'") return {shape, read_values<std::uint16_t>(data, count, name, from_half)};
  fail(name, fmt::format("holds numbers of type {}, not floating-point numbers", type));
}

}  // namespace matcher
