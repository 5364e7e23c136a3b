// runs and their photos -> one HTML page
#pragma once

#include "matcher/pipeline/context.hpp"
#include "matcher/report/html.hpp"

namespace matcher::pipeline {

struct PageOptions {
  std::size_t most_failures = 120;           ///< cards on the page, shared by the models
  int thumbnail = 320;                       ///< pixels of the longer side
  std::vector<std::filesystem::path> views;  ///< curves of `views` in JSON
};

/// A page of compared runs, or of a single one: a row says the folder of its run. Failures that are newly broken
/// against the baseline, the row without gains, come first, then newly fixed ones; each at most three times per
/// product. Unreadable photos are left blank. Throws Error(input) for a damaged run or curve, Error(mismatch) for a
/// curve of other data.
report::Page make_page(report::Comparison comparison, const PageOptions& options = {});

}  // namespace matcher::pipeline
