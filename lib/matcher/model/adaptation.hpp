// Describes an adapted model: a base model, or an ensemble, whose vectors a learnt map changes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace matcher::model {

struct BaseModel;

/// The part of a bundle's description that an adapted model has.
struct Adaptation {
  std::vector<BaseModel> bases;            ///< one, or the members of an ensemble
  std::string base_fingerprint;            ///< base_fingerprint() of the bases that the map was learnt with
  std::string method;                      ///< lda, whiten or centre; "": the model is not adapted
  double shrinkage = 0, power = 0;         ///< settings of the method; 0: it has none
  std::string dataset, data;               ///< name and fingerprint of the gallery that the map was learnt on
  std::uint64_t photos = 0, products = 0;  ///< numbers in that gallery

  bool is_set() const { return !method.empty(); }
};

}  // namespace matcher::model
