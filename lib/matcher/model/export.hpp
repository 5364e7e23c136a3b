// Makes a bundle's TorchScript file: from a built-in model, or from a checkpoint.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "matcher/core/device.hpp"
#include "matcher/model/bundle.hpp"

namespace matcher::model {

/// Writes a bundle's description as YAML; the layer above knows how.
using Describe = std::function<std::string(const Bundle&)>;

/// Writes a built-in model as a TorchScript file with its description inside.
void export_builtin(const Bundle& bundle, const Describe& describe, const std::filesystem::path& file);

struct ExportOptions {
  std::string name;                       ///< name of the bundle
  std::filesystem::path checkpoint;       ///< folder of a checkpoint
  std::filesystem::path file;             ///< the TorchScript file to write
  Precision precision = Precision::fp32;  ///< precision of the weights in the file
  std::string source, license;            ///< for the description
  std::filesystem::path vocabulary;       ///< the vocabulary, for a checkpoint without one
  int side = 0;                           ///< pixels, if the network takes any; 0: as the checkpoint says
};

struct Exported {
  Bundle bundle;
  bool has_text_tower = false, takes_texts = false;  ///< a text tower takes texts only with a vocabulary
  std::string vocabulary_files;                      ///< names of the files that a vocabulary may have
};

/// Builds the network that config.json describes around the checkpoint's weights. Writes it as one TorchScript file
/// with its description, a golden sample (golden.hpp) and, if there is a text tower and a vocabulary, the vocabulary.
/// Weights are mapped, so fp32 needs no more memory than the network itself.
///
/// Replaces an existing file when the new one is complete; after an error the old one stays. Throws Error(input) for a
/// checkpoint that is damaged or of an unknown family, Error(resource) if the file cannot be written.
Exported export_checkpoint(const ExportOptions& options, const Describe& describe);

}  // namespace matcher::model
