// Small results that the tests of report publish.
#pragma once

#include <string>

#include "matcher/report/detection.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

inline ModelIdentity example_model(const std::string& name = "a") {
  return {.name = name,
          .fingerprint = "0123456789abcdef0123456789abcdef",
          .precision = "fp32",
          .device = "cpu",
          .dimension = 4,
          .size_bytes = 2048};
}

/// Three gallery items, two queries, two metrics.
inline Report example_report(const std::string& name = "a", double top1 = 0.5) {
  Report r;
  r.model = example_model(name);
  r.dataset.name = "shelf";
  r.dataset.fingerprint = "d0";
  r.dataset.protocol = "studio against phone";
  r.dataset.gallery = 3;
  r.dataset.queries = 2;
  r.dataset.labels = 3;
  r.depth = 100;
  r.metrics = {{"top1", {top1, 0.1, 0.9}}, {"mrr", {0.75, 0.5, 1.0}}};
  r.speed = {12.34, 0.5, 1.5};
  return r;
}

/// 8 known and 40 unknown queries. Tests change what they are about.
inline Detection example_detection() {
  Detection d;
  d.model = example_model();
  d.dataset = "shelf";
  d.known = 8;
  d.unknown = 40;
  d.known_products = 2;
  d.unknown_products = 3;
  d.unknown_needed = 36;
  d.wanted_false_alarms = 0.1;
  d.threshold = {0.5, 0.25, 0.75};
  d.false_alarms = {0.1, 0.05, 0.2};
  d.accepted = {0.75, 0.5, 1};
  d.detected = {0.625, 0.5, 0.75};
  d.top1 = {0.875, 0.75, 1};
  d.area_under_curve = 0.96875;
  return d;
}

/// A trial on a quiet machine.
inline SpeedTrial example_trial(double images_per_second = 60) {
  SpeedTrial t;
  t.images_per_second = {images_per_second, images_per_second - 2, images_per_second + 2};
  t.image_ms_p50 = {16.25, 16, 17};
  t.image_ms_p95 = {18.5, 18, 19};
  t.search_ms_p50 = {0.25, 0.2, 0.3};
  t.search_ms_p95 = {0.75, 0.7, 0.8};
  t.peak_memory = 300 << 20;
  t.images = t.batch_size = 16;
  t.repeats = 3;
  t.photos = "f00d";
  t.processor = "Example 1000";
  t.device = "cpu";
  t.precision = "fp32";
  t.cores = t.threads = 2;
  t.load = 0.03;
  t.created = "2026-03-01T12:00:00Z";
  return t;
}

}  // namespace matcher::report
