// The bundles there are, what each still needs, and how they are made.
#pragma once

#include <string>
#include <vector>

#include "matcher/model/bundle.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/report/model_list.hpp"

namespace matcher::pipeline {

report::ModelList list_models(const Context& context);

struct ExportRequest {
  std::string name;                       ///< of a built-in, or of the bundle to make from a checkpoint
  std::filesystem::path checkpoint;       ///< folder of a Hugging Face checkpoint; empty for a built-in
  std::filesystem::path output;           ///< empty: <name>.pt in the work folder's models
  Precision precision = Precision::fp32;  ///< of the weights in the file
  std::filesystem::path vocabulary;       ///< the public CLIP vocabulary, for a checkpoint without one
};

/// Writes a model as a TorchScript file with its description inside. Throws Error(usage) for a name that is neither
/// built in nor comes with a checkpoint, Error(mismatch) when a description of this name says something else than the
/// checkpoint, and as model::export_checkpoint does. Returns the file.
std::filesystem::path export_model(const Context& context, const ExportRequest& options);

}  // namespace matcher::pipeline
