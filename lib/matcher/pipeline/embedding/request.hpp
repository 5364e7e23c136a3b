// Decides, without loading a network, whether an existing embedding set is up to date.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "matcher/pipeline/embed.hpp"
#include "matcher/pipeline/embedding/listing.hpp"
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

/// The folder of a set in the work folder, named by dataset, split, model and shard.
std::filesystem::path default_output(const Context& context, const std::string& dataset, const EmbedOptions& options,
                                     const std::string& model);

/// The part of a set's manifest that is known before a network is loaded.
store::Manifest describe_request(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                                 const Listing& listing, const ModelChoice& choice);

}  // namespace matcher::pipeline
