// Reads weights in Hugging Face's safetensors format: an 8-byte little-endian length, a JSON header of that length
// (name -> dtype, shape, data_offsets), and the tensors' bytes. Reference: the format's description in its repository.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/files/mapped_file.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// A tensor in a mapped file. The bytes are borrowed: the mapping must outlive them.
struct StoredTensor {
  ElementType type = ElementType::other;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
  std::string type_name;       ///< the file's name of the type, for messages
  std::filesystem::path file;  ///< for messages
};

using StoredTensors = std::map<std::string, StoredTensor, std::less<>>;

/// Reads the tensors of a mapped file. Throws Error(input) with the file and the tensor for everything that the format
/// forbids: a header that is truncated, too long or not JSON; tensors that overlap, leave gaps, reach beyond the end,
/// or whose length contradicts dtype and shape.
StoredTensors read_safetensors(const MappedFile& file, const std::filesystem::path& path);

/// Reads a text of the header's metadata; "" if there is none. Throws as read_safetensors() for a damaged header.
std::string read_metadata(const MappedFile& file, const std::filesystem::path& path, const std::string& key);

/// "[2, 3]".
std::string shape_text(std::span<const std::int64_t> shape);

/// Prepares text from a file for a message: short, and on one line.
std::string printable(std::string_view text);

/// True if JSON has more levels than any file of a checkpoint: too many for recursive code.
bool is_nested_too_deeply(std::string_view json);

}  // namespace matcher::model
