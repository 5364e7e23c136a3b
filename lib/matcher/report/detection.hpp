// A score threshold and what it does, as `matcher threshold` publishes it: plain data.
#pragma once

#include <string>
#include <vector>

#include "matcher/core/score_kind.hpp"
#include "matcher/eval/open_set.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// A share of false alarms that somebody may choose.
struct DetectionChoice {
  double wanted_false_alarms = 0;
  eval::OperatingPoint point;
};

/// matcher.detection/1.
struct Detection {
  ModelIdentity model;  ///< name and fingerprint of the model of the queries
  std::string dataset;
  ScoreKind score = ScoreKind::cosine;  ///< compared with the threshold
  bool left_out = false;                ///< the unknown queries are known ones without the items of their label
  std::size_t known = 0, unknown = 0;   ///< queries
  std::size_t known_products = 0,
              unknown_products = 0;      ///< products of the queries; intervals take them as independent
  std::size_t unknown_needed = 0;        ///< unknown queries that bound the threshold on both sides
  double wanted_false_alarms = 0;        ///< share of the unknown queries that may be answered
  eval::Threshold threshold;             ///< infinite where too few queries bound it
  eval::Estimate false_alarms;           ///< share of the unknown queries that are answered at the threshold
  eval::Estimate accepted, detected;     ///< share of the known queries that are answered, that are answered correctly
  eval::Estimate top1;                   ///< share of the known queries that are answered correctly without a threshold
  double area_under_curve = 0;           ///< area under the ROC curve
  std::vector<DetectionChoice> choices;  ///< for 1, 5, 10 and 20 % false alarms
  std::vector<eval::OperatingPoint> curve;  ///< by rising false alarms
};

/// The effect of the threshold in plain words: "With a threshold of 0.8822, 97 of 100 photos of catalogue products get
/// no answer, and 1 of 100 photos of other products gets one".
std::string sentence(const Detection& detection);

}  // namespace matcher::report
