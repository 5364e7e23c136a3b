// Decides, without loading a network, whether an existing embedding set is up to date.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::pipeline {

/// Fingerprint of everything that may change vectors: the models with their weights, the requested device and
/// precision, the processor, the GPUs and the LibTorch plugin.
std::string request_fingerprint(const Context& context, const ModelChoice& choice, const ExecutionOptions& execution);

/// The manifest of the set in `folder` if it is complete and agrees with `wanted` in request, source and model name. A
/// damaged set is not up to date, nor one without an image that could not be read, or not for lack of memory, but can
/// be used now.
std::optional<store::Manifest> find_up_to_date(const std::filesystem::path& folder, const store::Manifest& wanted);

}  // namespace matcher::pipeline
