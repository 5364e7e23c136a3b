// The bundles there are, what each still needs, and the built-in ones written out as files.
#pragma once

#include "matcher/pipeline/context.hpp"

namespace matcher::pipeline {

struct ModelStatus {
  model::Bundle bundle;
  bool ready = false;
  std::uintmax_t size_bytes = 0;
  std::string next_command;  ///< empty when ready
};

std::vector<ModelStatus> list_models(const Context& context);

/// Writes the built-in model `name` as a TorchScript file with its description inside; empty `output`: <name>.pt in the
/// work folder's models. Throws Error(usage) for a model that is not built in. Returns the file.
std::filesystem::path export_model(const Context& context, const std::string& name, const std::filesystem::path& output);

}  // namespace matcher::pipeline
