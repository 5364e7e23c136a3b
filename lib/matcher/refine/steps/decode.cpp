#include "matcher/refine/steps.hpp"

namespace matcher::refine {

// image::Decode has the names, and what they do.
const Step exact_step{.name = "exact", .summary = "decodes every pixel of a JPEG", .stage = Stage::decoding};
const Step fast_step{.name = "fast", .summary = "decodes JPEGs at a reduced size", .stage = Stage::decoding};

}  // namespace matcher::refine
