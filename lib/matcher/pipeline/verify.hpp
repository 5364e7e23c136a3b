// Proof that a model gives here the vectors that it gave where it was made.
#pragma once

#include <string>

#include "matcher/core/identity.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/report/verification.hpp"

namespace matcher::pipeline {

struct VerifyOptions {
  std::string model;               ///< name or path of one model
  std::filesystem::path expected;  ///< folder of pictures and .npy files; empty: the golden sample in the file
  ExecutionOptions execution;      ///< automatic precision is fp32 here
};

/// `expected` holds either one .npy file [d] a picture (`a.npy` or `a.jpg.npy` for `a.jpg`) or one [n, d] for all
/// pictures sorted by name. Throws Error(input) when there is nothing to compare with or a picture cannot be read,
/// Error(mismatch) when the vectors have other dimensions. What does not agree is told by the result.
report::Verification verify(const Context& context, const VerifyOptions& options);

}  // namespace matcher::pipeline
