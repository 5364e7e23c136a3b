// A small run that the tests of report publish.
#pragma once

#include <string>

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

}  // namespace matcher::report
