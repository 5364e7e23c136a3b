// Identifies the vectors of a model.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/core/device.hpp"
#include "matcher/model/bundle.hpp"

namespace matcher::model {

/// The fingerprint of the vectors that a model with this fingerprint gives at a precision.
std::string vector_fingerprint(const std::string& model_fingerprint, Precision precision);

/// The fingerprint of the vectors of `bundle` if its network, or those of all its bases, run at `precision`. `known` as
/// for fingerprint().
std::string vector_fingerprint(const Bundle& bundle, Precision precision, const std::filesystem::path& known = {});

}  // namespace matcher::model
