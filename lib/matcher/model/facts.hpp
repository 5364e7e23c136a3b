// Reads what a model's file says without loading the network.
#pragma once

#include <cstdint>

#include "matcher/model/bundle.hpp"

namespace matcher::model {

struct Facts {
  std::uintmax_t parameters = 0;  ///< weights in the file; 0 for a built-in model
  bool takes_texts = false;
};

/// Reads the directory of the file. Throws Error(input) if the file is missing or not TorchScript.
Facts read_facts(const Bundle& bundle);

}  // namespace matcher::model
