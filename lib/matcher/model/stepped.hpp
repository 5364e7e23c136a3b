// Applies the steps of a variant that belong to embedding, such as NAME@flip, after any embedder.
#pragma once

#include <memory>

#include "matcher/model/embedder.hpp"
#include "matcher/refine/steps.hpp"

namespace matcher::model {

/// Returns an embedder whose vector of an image is the mean of the unit vectors of the image and of the image that the
/// step changes, scaled to unit length. Texts are embedded as they are.
std::unique_ptr<Embedder> make_stepped(std::unique_ptr<Embedder> embedder, const refine::GivenStep& step);

}  // namespace matcher::model
