// The result of `matcher index --check`: a proof of a collection in a vector database.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "matcher/core/identity.hpp"

namespace matcher::report {

struct CollectionCheck {
  std::string address, version;
  std::string index;  ///< type and parameters, as the server gives them
  ModelIdentity model;
  std::string dataset;
  std::size_t expected = 0, counted = 0;  ///< items
  std::size_t searched = 0;               ///< records that were asked for by their own vectors
  std::vector<std::string> lost;          ///< ids of those that were not found
  std::size_t churn = 0;                  ///< records replaced or removed since the version was built
  bool churn_is_high = false;             ///< it should be built from scratch
  std::string failure;                    ///< the first check that failed; empty: proven
};

}  // namespace matcher::report
