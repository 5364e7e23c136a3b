// Finds the score from which a best answer is believed, for queries whose product may not be in the gallery. Terms as
// in P. Grother, M. Ngan, K. Hanaoka, Face Recognition Vendor Test part 2: Identification (2019).
#pragma once

#include <span>
#include <vector>

#include "matcher/eval/resample.hpp"

namespace matcher::eval {

/// The best answer to a query whose product is in the gallery.
struct KnownQuery {
  double score = 0;
  bool right = false;
};

/// The effect of a threshold: a query is answered if its best score is at least `threshold`.
struct OperatingPoint {
  double threshold = 0;
  double false_alarms = 0;  ///< share of the unknown queries that are answered
  double accepted = 0;      ///< share of the known queries that are answered; against false_alarms: the ROC curve
  double detected = 0;      ///< share of the known queries that are answered rightly: detection and identification
};

OperatingPoint operating_point(std::span<const KnownQuery> known, std::span<const double> unknown, double threshold);

/// Points at every change of false_alarms, from none to all; at most `most`, spread evenly over the false alarms.
std::vector<OperatingPoint> detection_curve(std::span<const KnownQuery> known, std::span<const double> unknown,
                                            std::size_t most = 200);

/// The area under the ROC curve: the chance that a known query scores higher than an unknown one, ties counting half
/// (Mann and Whitney 1947).
double area_under_curve(std::span<const KnownQuery> known, std::span<const double> unknown);

/// A threshold, a float32, with its 95 % interval for other unknown queries. A side that too few queries bound is
/// infinite.
struct Threshold {
  double value = 0, low = 0, high = 0;
};

/// The lowest threshold that at most `false_alarms` (a share) of the unknown queries reach. The interval lies between
/// order statistics and holds for any distribution of the scores of independent products (Hahn and Meeker, Statistical
/// Intervals, 1991, 5.2). Queries of one product count for less than independent ones: by the variance of the false
/// alarms when whole products are drawn (effective sample size; Korn and Graubard 1998).
Threshold threshold_for(std::span<const double> unknown, double false_alarms, Groups products = {});

/// The mean of zeros and ones with its interval, products drawn as a whole; Wilson's if each query is a product, or if
/// all values are equal: then for as many queries as there are products.
Estimate share_of(std::span<const double> values, Groups products);

/// The number of different products.
std::size_t count_products(Groups products);

/// The smallest number of unknown queries that bounds such a threshold on both sides.
std::size_t unknown_queries_needed(double false_alarms);

}  // namespace matcher::eval
