// Exports a checkpoint or a built-in model to a TorchScript file: `matcher export`.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/core/device.hpp"
#include "matcher/pipeline/context.hpp"

namespace matcher::pipeline {

struct ExportRequest {
  std::string name;                       ///< a built-in model, or the new model
  std::filesystem::path checkpoint;       ///< a folder as on the Hugging Face hub; empty for a built-in model
  std::filesystem::path output;           ///< empty: <name>.pt in the models of the work folder
  Precision precision = Precision::fp32;  ///< the precision of the weights in the file
  std::filesystem::path vocabulary;       ///< the vocabulary, for a checkpoint without one
  int side = 0;                           ///< side of an image, pixels; 0: as the checkpoint says
};

/// Writes the model and its description, and returns the file. Throws Error(usage) for a name that is not built in and
/// has no checkpoint, Error(mismatch) if an existing description contradicts the checkpoint, and as
/// model::export_checkpoint().
std::filesystem::path export_model(const Context& context, const ExportRequest& request);

}  // namespace matcher::pipeline
