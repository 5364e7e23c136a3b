#include "matcher/model/vector_fingerprint.hpp"

#include "matcher/files/hash.hpp"

namespace matcher::model {

std::string vector_fingerprint(const std::string& model_fingerprint, Precision precision) {
  return Hasher().field(model_fingerprint).field(to_string(precision)).hex();
}

}  // namespace matcher::model
