// Weights as Hugging Face stores them. A file is an 8-byte little-endian length, a JSON header of that length
// (name -> dtype, shape, data_offsets), and the tensors' bytes. Reference: the format's description in its repository.
// Private to this layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/core/mapped_file.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// A tensor in a mapped file; the bytes live as long as the file that it came from.
struct StoredTensor {
  ElementType type = ElementType::other;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
  std::string type_name;       ///< as the file says it, for messages
  std::filesystem::path file;  ///< for messages
};

using StoredTensors = std::map<std::string, StoredTensor, std::less<>>;

/// The tensors of a mapped file. Throws Error(input), naming the file and the tensor, for everything that the format
/// forbids: a header that is cut, too long or no JSON, tensors that overlap, leave holes, reach beyond the end, or
/// whose bytes are not what dtype and shape say.
StoredTensors read_safetensors(const MappedFile& file, const std::filesystem::path& path);

/// "[2, 3]".
std::string shape_text(std::span<const std::int64_t> shape);

/// Somebody else's text as it may stand in a message: short, and on one line.
std::string printable(std::string_view text);

/// Whether JSON has more levels than any file of a checkpoint, so that code that recurses must not see it.
bool is_nested_too_deeply(std::string_view json);

}  // namespace matcher::model
