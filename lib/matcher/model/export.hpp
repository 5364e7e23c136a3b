// Makes a bundle's TorchScript file: of a built-in module, or of a Hugging Face checkpoint.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "matcher/core/device.hpp"
#include "matcher/core/npy.hpp"
#include "matcher/model/bundle.hpp"

namespace matcher::model {

/// The text of a bundle's description, which the layer above knows to write.
using Describe = std::function<std::string(const Bundle&)>;

/// A prepared picture [1, 3, h, w] and the vector [1, d] that its maker had for it, in fp32.
struct GoldenSample {
  NpyArray input, embedding;
  std::string text;         ///< empty when the model takes no texts
  NpyArray text_embedding;  ///< [1, d]
};

/// The golden sample in a TorchScript file, nothing when there is none. Throws Error(input) for a damaged one.
std::optional<GoldenSample> read_golden(const std::filesystem::path& file);

/// Writes a built-in as a TorchScript file with its description inside.
void export_builtin(const Bundle& bundle, const Describe& describe, const std::filesystem::path& file);

struct ExportOptions {
  std::string name;                       ///< of the bundle
  std::filesystem::path checkpoint;       ///< folder of a Hugging Face checkpoint
  std::filesystem::path file;             ///< the TorchScript file to write
  Precision precision = Precision::fp32;  ///< of the weights in the file
  std::string source, license;            ///< for the description
  std::filesystem::path vocabulary;       ///< the public CLIP vocabulary, for a checkpoint without one
};

/// What was made.
struct Exported {
  Bundle bundle;
  bool has_text_tower = false, takes_texts = false;  ///< a text tower is of no use without a vocabulary
};

/// Builds the network that config.json describes around the weights of the checkpoint, and writes it as one TorchScript
/// file with its description, and a golden sample: a prepared picture (`golden/input.npy`, [1, 3, h, w]) and its vector
/// in fp32 (`golden/embedding.npy`, [1, d]); where there is a text tower and a vocabulary, also the vocabulary
/// (`tokenizer.json`) and a text with its vector (`golden/text.txt`, `golden/text_embedding.npy`). A file that is there
/// is replaced when the new one is whole; after an error nothing of the new one stays. Weights are mapped, not read, so
/// that fp32 needs no more memory than the network has. Throws Error(input) for a checkpoint that is damaged or of
/// another architecture, Error(resource) when it cannot be written.
Exported export_checkpoint(const ExportOptions& options, const Describe& describe);

}  // namespace matcher::model
