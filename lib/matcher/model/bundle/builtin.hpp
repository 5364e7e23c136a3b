// Finds the built-in models: two descriptors without learned weights, as TorchScript source. They are the floor: a
// network that does not beat them has learnt nothing useful. See docs/developing/baselines.md.
#pragma once

#include <string>
#include <vector>

namespace matcher::model {

std::vector<std::string> builtin_names();

/// The TorchScript source of a built-in model. Throws Error(usage) for an unknown name.
std::string builtin_source(const std::string& name);

}  // namespace matcher::model
