// Checks that a map can be learnt from a gallery, and measured on queries.
#pragma once

#include "matcher/core/observer.hpp"
#include "matcher/pipeline/learning/base.hpp"
#include "matcher/pipeline/learning/sample.hpp"
#include "matcher/refine/methods.hpp"

namespace matcher::pipeline {

/// Throws Error(input) for a gallery of fewer than two photos and, if the method needs labels, for one without labels,
/// with a single label, or with one photo per product.
void check_labels_teach(const refine::Method& method, const BaseVectors& base, const Products& products);

/// Leaves out queries with the bytes of a gallery photo: the map would be measured on what it was learnt from. Throws
/// Error(input) if no query is left.
void drop_shared_photos(Observer& observer, BaseVectors& base);

/// Warns that a map of photos may not help texts, if the base has such queries.
void warn_of_text_queries(Observer& observer, const BaseVectors& base);

}  // namespace matcher::pipeline
