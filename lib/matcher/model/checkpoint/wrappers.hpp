// Recognises what training tools put around a network: torch.compile, parallel training, adapters such as LoRA.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/model/checkpoint/safetensors.hpp"

namespace matcher::model {

/// Removes from the names of tensors what torch.compile ("_orig_mod."), FSDP and activation checkpointing insert, and
/// "module." of DataParallel, or "model." of a wrapper, if all names begin with it. Throws Error(input) if two tensors
/// would have one name.
void unwrap_names(StoredTensors& tensors);

/// Throws Error(input) with the next step if the folder holds an adapter, which has no network of its own.
void refuse_adapter(const std::filesystem::path& folder);

/// Explains why `tensors` lack `name` if all names have another prefix, or are those of an adapter; "" otherwise.
std::string explain_missing(const StoredTensors& tensors, const std::string& name);

}  // namespace matcher::model
