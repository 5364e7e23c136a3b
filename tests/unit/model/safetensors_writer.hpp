// Writes and reads safetensors files, correct ones and damaged ones.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "unit/model/zip_writer.hpp"

namespace matcher::test {

/// A file with this header, valid or not, and this data.
inline std::string safetensors(const std::string& header, const std::string& data = {}) {
  return little_endian(header.size(), 8) + header + data;
}

struct Tensor {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::string bytes;
};

using Tensors = std::map<std::string, Tensor>;

/// A valid file with these tensors.
inline std::string safetensors(const Tensors& tensors) {
  nlohmann::json header = {{"__metadata__", {{"format", "pt"}}}};
  std::string data;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {{"dtype", tensor.dtype},
                    {"shape", tensor.shape},
                    {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
    data += tensor.bytes;
  }
  return safetensors(header.dump(), data);
}

/// The tensors of a valid file.
inline Tensors parse_safetensors(const std::string& file) {
  std::size_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8 | static_cast<unsigned char>(file[i]);
  Tensors tensors;
  const auto header = nlohmann::json::parse(file.substr(8, length));
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    const auto begin = entry["data_offsets"][0].get<std::size_t>(), end = entry["data_offsets"][1].get<std::size_t>();
    tensors[name] = {entry["dtype"], entry["shape"], file.substr(8 + length + begin, end - begin)};
  }
  return tensors;
}

}  // namespace matcher::test
