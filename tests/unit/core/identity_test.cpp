#include <catch2/catch_test_macros.hpp>

#include "matcher/core/identity.hpp"

using namespace matcher;

TEST_CASE("A message names a model with its dimension, its precision and 8 digits of its fingerprint", "[identity]") {
  const ModelIdentity model{.name = "dinov2-base",
                            .fingerprint = "3f9c1a2bdeadbeef",
                            .precision = "fp32",
                            .device = "cpu",
                            .dimension = 768,
                            .size_bytes = 5};
  CHECK(describe(model) == "dinov2-base (768-d, fp32, 3f9c1a2b)");
}
