// Identifies the vectors of a model.
#pragma once

#include <string>

#include "matcher/core/device.hpp"

namespace matcher::model {

/// The fingerprint of the vectors that a model with this fingerprint gives at a precision.
std::string vector_fingerprint(const std::string& model_fingerprint, Precision precision);

}  // namespace matcher::model
