// Verifies that a model returns here the vectors that it returned where it was made: `matcher verify`.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/pipeline/context.hpp"
#include "matcher/report/verification.hpp"

namespace matcher::pipeline {

struct VerifyOptions {
  std::string model;               ///< name or path of one model
  std::filesystem::path expected;  ///< folder of images and .npy files; empty: the golden sample in the model's file
  ExecutionOptions execution;      ///< automatic precision is fp32 here
};

/// Embeds the expected samples and compares the vectors. A mismatch is returned in the result, not thrown. Throws
/// Error(usage) for an ensemble, Error(input) if there is nothing to compare with or an image cannot be read,
/// Error(mismatch) for expected vectors of another dimension.
report::Verification verify(const Context& context, const VerifyOptions& options);

}  // namespace matcher::pipeline
