// Learns a linear map from a gallery, stores it as a model, and measures it on what it has not seen: `matcher adapt`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/vector_input.hpp"
#include "matcher/report/adaptation.hpp"
#include "matcher/run/limits.hpp"

namespace matcher::pipeline {

struct AdaptOptions {
  std::string name;  ///< name of the new model
  VectorInput input;
  std::string method = "lda";              ///< a name of refine::methods()
  std::optional<double> shrinkage, power;  ///< none: chosen, or the default
  std::optional<std::size_t> dimension;    ///< none: chosen
  double near_duplicate = 0.9;             ///< photos of a product with this cosine are one series
  std::vector<std::string> metrics{"top1", "top5", "top10", "mrr", "map"};
  bool curve = false;  ///< measure the first dimensions alone, too
  std::vector<run::MetricLimit> require_gain{};
  ExecutionOptions execution;
};

/// Embeds what is missing, chooses the settings inside the gallery, learns the map, measures, and writes
/// `models/NAME.safetensors` in the work folder. Throws Error(usage) for a name that another model has and for settings
/// that the method does not take, Error(input) for a gallery that labels cannot teach from, Error(mismatch) for sets of
/// another model than the one that their name finds.
report::Adaptation adapt(const Context& context, const AdaptOptions& options);

}  // namespace matcher::pipeline
