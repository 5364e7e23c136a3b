// Loads exported TorchScript files without copying their weights: they stay in the mapped file.
#pragma once

#include <torch/script.h>

#include <filesystem>
#include <optional>

namespace matcher::model {

/// Maps the module of a file that `matcher export` wrote; nullopt for any other file. A page is in memory from the
/// first use of a weight until the weight is freed. Nothing may write to a weight.
std::optional<torch::jit::Module> map_module(const std::filesystem::path& file);

}  // namespace matcher::model
