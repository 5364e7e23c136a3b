// Measures how accuracy grows with the number of photos of a product.
#pragma once

#include "matcher/core/role.hpp"
#include "matcher/eval/views.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/dataset_request.hpp"
#include "matcher/report/views.hpp"

namespace matcher::pipeline {

struct ViewsOptions {
  std::string model;
  DatasetRequest dataset;
  Role side = Role::gallery;                    ///< the side whose photos are drawn
  eval::Aggregate aggregate{};                  ///< how the scores of several photos become one
  std::vector<std::size_t> counts{1, 2, 4, 8};  ///< photos per product, or per set
  std::size_t repeats = 20;                     ///< random choices
  std::uint64_t seed = 1;
  std::vector<std::size_t> ks{1, 5, 10};  ///< k of the top-k accuracies, counted in products
  ExecutionOptions execution;
};

/// Throws Error(input) if no query's product is in the gallery, or if no product has the smallest of `counts`. Larger
/// counts that no product reaches are left out with a warning.
report::Views views(const Context& context, const ViewsOptions& options);

}  // namespace matcher::pipeline
