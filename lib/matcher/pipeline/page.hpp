// Makes HTML pages of runs and answers, with their photos.
#pragma once

#include "matcher/pipeline/context.hpp"
#include "matcher/report/html.hpp"

namespace matcher::pipeline {

struct PageOptions {
  std::size_t most_failures = 120;           ///< cards on the page, shared by the models
  std::vector<std::filesystem::path> views;  ///< curves of `views` in JSON
};

/// A page of compared runs, or of a single one: each row has the folder of its run. Failures that are newly broken
/// against the baseline, the row without gains, come first, then newly fixed ones; each at most three times per
/// product. Unreadable photos are left blank. Throws Error(input) for a damaged run or curve, Error(mismatch) for a
/// curve of other data.
report::Page make_page(report::Comparison comparison, const PageOptions& options = {});

/// A page of the single run in folder `run`. Throws as above.
report::Page make_page(const report::Report& report, const std::filesystem::path& run, const PageOptions& options = {});

/// The photos of queries and answers, small. Unreadable ones are left out.
report::Thumbnails load_thumbnails(const report::Answers& answers);

/// The photos on the page of `audit`, small. Unreadable ones are left out.
report::Thumbnails load_thumbnails(const report::Audit& audit);

}  // namespace matcher::pipeline
