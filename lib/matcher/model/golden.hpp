// Reads the golden sample of an exported model: an input, and the vector that the network gave for it in fp32.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "matcher/files/npy.hpp"

namespace matcher::model {

struct GoldenSample {
  NpyArray input;           ///< a prepared image [1, 3, h, w]
  NpyArray embedding;       ///< its vector [1, d]
  std::string text;         ///< "": the model takes no texts
  NpyArray text_embedding;  ///< the text's vector [1, d]
};

/// Reads the golden sample in a TorchScript file; nullopt if there is none. Throws Error(input) for a damaged one.
std::optional<GoldenSample> read_golden(const std::filesystem::path& file);

}  // namespace matcher::model
