// Finds what is wrong with a catalogue: `matcher audit`.
#pragma once

#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/vector_input.hpp"
#include "matcher/report/audit.hpp"

namespace matcher::pipeline {

struct AuditOptions {
  VectorInput input;             ///< its split is not used: gallery and queries are looked at together
  double near_duplicate = 0.98;  ///< cosine from which two photos are near-duplicates
  ExecutionOptions execution;
};

/// Decodes every photo, compares them with each other, and searches the nearest photos of each by exact search. Photos
/// of embedding sets that are not on this machine are compared by their vectors only. Throws Error(input) if no photo
/// can be used.
report::Audit audit(const Context& context, const AuditOptions& options);

}  // namespace matcher::pipeline
