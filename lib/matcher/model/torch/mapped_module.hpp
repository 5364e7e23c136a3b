// TorchScript files whose weights are not read, but used where they lie in the mapped file.
#pragma once

#include <torch/script.h>

#include <filesystem>
#include <optional>

namespace matcher::model {

/// The module of a file of `matcher export`. Pages of the file come into memory when a weight is touched, and leave it
/// when the weight is let go; nothing may write to a weight. Nothing, when it is any other file, or one that has to be
/// read.
std::optional<torch::jit::Module> map_module(const std::filesystem::path& file);

}  // namespace matcher::model
