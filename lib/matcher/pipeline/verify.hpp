// Proof that a model gives here the vectors that it gave where it was made.
#pragma once

#include "matcher/pipeline/context.hpp"

namespace matcher::pipeline {

struct VerifyOptions {
  std::string model;               ///< name or path of one model
  std::filesystem::path expected;  ///< folder of pictures and .npy files; empty: the golden sample in the file
  ExecutionOptions execution;      ///< automatic precision is fp32 here
};

struct VerifyResult {
  ModelIdentity model;
  std::string compared;  ///< with what: "golden sample", or the folder
  std::size_t samples = 0;
  double cosine = 0;              ///< the smallest
  double largest_difference = 0;  ///< of two numbers of two vectors
  double wanted_cosine = 0;       ///< at least
  double allowed_difference = 0;  ///< at most; 0: not looked at
  std::string worst;              ///< what has the smallest cosine
  double milliseconds = 0;        ///< of the network for one picture, median
  bool passed() const;
};

/// `expected` holds either one .npy file [d] a picture (`a.npy` or `a.jpg.npy` for `a.jpg`) or one [n, d] for all
/// pictures sorted by name. Throws Error(input) when there is nothing to compare with or a picture cannot be read,
/// Error(mismatch) when the vectors have other dimensions. What does not agree is told by the result.
VerifyResult verify(const Context& context, const VerifyOptions& options);

}  // namespace matcher::pipeline
