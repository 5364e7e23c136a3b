// What views publishes: accuracy against the number of photos (docs/commands/views.md).
#pragma once

#include <string>
#include <vector>

#include "matcher/report/report.hpp"
#include "matcher/report/table.hpp"

namespace matcher::report {

/// One number of views.
struct ViewsRow {
  std::size_t views = 0;
  std::size_t products = 0;  ///< that have at least so many photos on this side
  std::size_t asked = 0;     ///< queries, or sets of query photos, of one random choice
  Metrics metrics;           ///< mean over the random choices, and between which values 95 % of them lie
};

/// matcher.views/1.
struct Views {
  ModelIdentity model;
  Data dataset;
  std::string side;       ///< gallery or queries: the photos that are drawn
  std::string aggregate;  ///< of the scores of several photos: best, mean or best-<m>
  std::size_t repeats = 0;
  std::uint64_t seed = 1;
  std::vector<ViewsRow> rows;
};

std::string to_json(const Views& views);
/// Throws Error(input) naming `origin` when it is no JSON of this schema.
Views parse_views(const std::string& json, const std::string& origin);

Table table_of(const Views& views, Format format);

}  // namespace matcher::report
