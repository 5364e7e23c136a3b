#include "matcher/core/identity.hpp"

#include <fmt/format.h>

#include "matcher/core/names.hpp"

namespace matcher {

std::string describe(const ModelIdentity& model) {
  return fmt::format("{} ({}-d, {}, {})", model.name, model.dimension, model.precision,
                     short_fingerprint(model.fingerprint));
}

}  // namespace matcher
