// Searches for the best recipe of models, map and variant: `matcher tune`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/dataset_request.hpp"
#include "matcher/report/tuning.hpp"

namespace matcher::pipeline {

struct TuneOptions {
  std::vector<std::string> models;  ///< single models; variants at embedding such as a@flip are models of their own
  DatasetRequest dataset;
  std::string metric = "top1";                 ///< made as large as possible; then mAP
  std::optional<std::size_t> max_dimension{};  ///< the most numbers per vector of a recipe
  std::optional<double> min_speed{};           ///< images per second of a recipe
  double time_s = 600;                         ///< no trial begins later
  std::optional<std::size_t> max_trials{};     ///< the same number gives the same result; none: only time ends it
  std::filesystem::path output{};              ///< a folder for the result as JSON, table and page; empty: none
  ExecutionOptions execution;
};

/// Embeds what is missing, tries recipes on one half of the products, and measures the best on the other half. Throws
/// Error(usage) for models that are adapted, joined, or variants after embedding, and if the limits allow no recipe;
/// Error(input) for fewer than four products with queries.
report::TunedRecipes tune(const Context& context, const TuneOptions& options);

}  // namespace matcher::pipeline
