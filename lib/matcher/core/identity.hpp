// Identities of models and data, as files, reports and messages name them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace matcher {

struct ModelIdentity {
  std::string name;         ///< the model's name, or the ensemble expression
  std::string fingerprint;  ///< hash of model bytes, preprocessing and precision; equal ones give equal vectors
  std::string precision, device;
  std::size_t dimension = 0;
  std::uintmax_t size_bytes = 0;
};

struct DataIdentity {
  std::string name;
  std::string fingerprint;  ///< hash of ids, labels and content hashes
  std::string protocol;     ///< a sentence from the dataset's description; may be empty
};

/// The model in a message: "dinov2-base (768-d, fp32, 3f9c1a2b)".
std::string describe(const ModelIdentity& model);

}  // namespace matcher
