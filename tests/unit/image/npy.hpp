// Files of the test data: raw bytes, and arrays as numpy's `save` writes them (version 1, C order).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "matcher/image/image.hpp"

namespace matcher::test {

inline std::vector<std::byte> read_bytes(const std::string& name) {
  std::ifstream file(std::string(MATCHER_TEST_DATA) + "/image/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no test data: " + name);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

template <class Value>
struct Array {
  std::vector<int> shape;
  std::vector<Value> values;
};

inline std::vector<int> npy_shape(const std::string& header) {
  std::istringstream numbers(header.substr(header.find("'shape': (") + 10));
  std::vector<int> shape;
  for (int extent; numbers >> extent; numbers.ignore(2)) shape.push_back(extent);
  return shape;
}

template <class Value>
Array<Value> read_npy(const std::string& name) {
  const auto bytes = read_bytes(name);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t start = 10 + std::size_t(static_cast<unsigned char>(text.at(8))) +
                            std::size_t(static_cast<unsigned char>(text.at(9))) * 256;
  const std::string type = sizeof(Value) == 1 ? "'|u1'" : "'<f4'";
  if (text.substr(0, start).find(type) == std::string::npos) throw std::runtime_error("unexpected type: " + name);
  Array<Value> array{npy_shape(text.substr(0, start)), std::vector<Value>((bytes.size() - start) / sizeof(Value))};
  std::memcpy(array.values.data(), bytes.data() + start, array.values.size() * sizeof(Value));
  return array;
}

inline image::Image read_pixels(const std::string& name) {
  auto array = read_npy<std::uint8_t>(name);
  return {array.shape.at(1), array.shape.at(0), std::move(array.values)};
}

}  // namespace matcher::test
