// Queries whose product may not be in the gallery: which best score is high enough to be believed. Pure functions.
// Reference for the terms: P. Grother, M. Ngan, K. Hanaoka, Face Recognition Vendor Test part 2: Identification (2019).
#pragma once

#include <span>
#include <vector>

#include "matcher/eval/metrics.hpp"

namespace matcher::eval {

/// The best answer to a query whose product is in the gallery.
struct KnownQuery {
  double score = 0;
  bool right = false;
};

/// What a threshold does: an answer is given when the best score is at least as high.
struct OperatingPoint {
  double threshold = 0;
  double false_alarms = 0;  ///< share of the unknown queries that are answered
  double accepted = 0;      ///< share of the known queries that are answered: with false_alarms, the ROC curve
  double detected = 0;      ///< share of the known queries that are answered rightly: detection and identification
};

OperatingPoint operating_point(std::span<const KnownQuery> known, std::span<const double> unknown, double threshold);

/// Points at every change of false_alarms, from none to all; at most `most`, spread over the false alarms.
std::vector<OperatingPoint> detection_curve(std::span<const KnownQuery> known, std::span<const double> unknown,
                                            std::size_t most = 200);

/// The chance that a known query scores higher than an unknown one, ties counting half: the area under the ROC curve
/// (Mann and Whitney 1947).
double area_under_curve(std::span<const KnownQuery> known, std::span<const double> unknown);

/// The lowest threshold that at most `false_alarms` of the unknown queries reach, a float32. Its 95 % interval is
/// between order statistics and holds for any distribution of scores (Hahn and Meeker, Statistical Intervals,
/// 1991, 5.2): how far other unknown queries could have moved it. A side that so few queries cannot bound is infinite.
struct Threshold {
  double value = 0, low = 0, high = 0;
};
Threshold threshold_for(std::span<const double> unknown, double false_alarms);

/// The least number of unknown queries that bounds such a threshold on both sides.
std::size_t unknown_queries_needed(double false_alarms);

}  // namespace matcher::eval
