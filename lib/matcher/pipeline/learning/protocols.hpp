// Measures a base and its adapted model beside each other, on photos or products that the map did not see.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "matcher/pipeline/learning/choose.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {

/// The outcomes of a base and of maps under one protocol, over the same queries.
struct Compared {
  Outcome base, adapted;
};

/// All that the protocols need. Borrows everything.
struct Learning {
  const Sample& sample;
  const refine::Method& method;
  const std::vector<eval::Metric>& metrics;
  const std::function<void()>& progress;
};

/// Learns without each fold of series, and searches its photos among all others.
Compared compare_new_photos(const Learning& learning, const FitSettings& setting);

/// Learns without each fold of products, and searches inside it: the queries of these products among their photos in
/// the sample, or without queries as measure_inside(). `setting_for` gives the setting that was chosen without the
/// fold.
Compared compare_new_products(const Learning& learning, const VectorSet* queries,
                              const std::function<FitSettings(std::size_t fold)>& setting_for);

/// Searches the queries among all photos of the gallery.
Compared compare_queries(const Side& gallery, const Side& queries, const refine::LinearMap& map,
                         std::span<const eval::Metric> metrics);

/// The outcome of the first 8, 16, 32, … dimensions alone, and of all, by dimension.
std::vector<std::pair<std::size_t, Outcome>> measure_dimensions(const Side& gallery, const Side& queries,
                                                                std::span<const eval::Metric> metrics);

}  // namespace matcher::pipeline
