// The proof that a model returns the expected vectors, as `matcher verify` publishes it: plain data.
#pragma once

#include <string>

#include "matcher/report/report.hpp"

namespace matcher::report {

/// matcher.verification/1.
struct Verification {
  ModelIdentity model;                ///< name, precision, device and dimension
  std::string compared_with;          ///< "golden sample", or the folder of expected vectors
  std::size_t samples = 0;            ///< images and texts that were compared
  double cosine = 0;                  ///< the smallest of all samples
  double smallest_cosine = 0;         ///< allowed
  double largest_difference = 0;      ///< between two numbers of two vectors
  double allowed_difference = 0;      ///< 0: no limit
  std::string worst;                  ///< the sample with the smallest cosine
  double milliseconds_per_image = 0;  ///< median

  bool passed() const {
    return cosine >= smallest_cosine && (allowed_difference == 0 || largest_difference <= allowed_difference);
  }
};

}  // namespace matcher::report
