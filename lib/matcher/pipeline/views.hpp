// gallery and query embeddings -> scores of products by several photos -> accuracy against their number
#pragma once

#include "matcher/pipeline/context.hpp"
#include "matcher/report/views.hpp"

namespace matcher::pipeline {

struct ViewsOptions {
  std::string model, dataset;
  std::string side = "gallery";                 ///< whose photos are drawn: gallery or queries
  std::string aggregate = "best";               ///< of the scores of several photos: best, mean or best-<m>
  std::vector<std::size_t> counts{1, 2, 4, 8};  ///< photos a product, or a set
  std::size_t repeats = 20;                     ///< random choices
  std::uint64_t seed = 1;
  std::vector<std::size_t> ks{1, 5, 10};  ///< products among which the right one is to be
  ExecutionOptions execution;
};

/// Throws Error(usage) for a side or an aggregate that cannot be, Error(input) when no query's product is in the
/// gallery or none has as many photos as the least of `counts`; larger counts that no product reaches are left out with
/// a warning.
report::Views views(const Context& context, const ViewsOptions& options);

}  // namespace matcher::pipeline
