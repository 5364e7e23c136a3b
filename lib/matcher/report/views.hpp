// Accuracy against the number of photos, as `matcher views` publishes it: plain data (docs/commands/views.md).
#pragma once

#include <string>
#include <vector>

#include "matcher/core/role.hpp"
#include "matcher/eval/views.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// The accuracy with one number of photos.
struct ViewsRow {
  std::size_t views = 0;     ///< photos of a product
  std::size_t products = 0;  ///< products with at least this many photos on this side
  std::size_t asked = 0;     ///< queries, or sets of query photos, per random choice
  Metrics metrics;           ///< means over the random choices, and the range of 95 % of them
};

/// matcher.views/1.
struct Views {
  ModelIdentity model;
  Data dataset;
  Role side = Role::gallery;    ///< the side whose photos are drawn
  eval::Aggregate aggregate{};  ///< how the scores of several photos become one
  std::size_t repeats = 0;      ///< random choices
  std::uint64_t seed = 1;
  std::vector<ViewsRow> rows;
};

/// "With 8 photos of each product, a finds the correct product first for 83 of 100 photos; with 1: 61.0 %".
std::string sentence(const Views& views);

}  // namespace matcher::report
