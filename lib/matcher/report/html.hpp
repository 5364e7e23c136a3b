// One self-contained HTML file of a comparison (or of one run): tables, charts and photos, without a network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/report/comparison.hpp"

namespace matcher::report {

/// A photo of a card: its thumbnail is an index into Page::thumbnails, -1 when there is none.
struct Photo {
  std::string id, label, text;
  int thumbnail = -1;
};

/// A query that was answered wrongly, or whose answer changed from the baseline's.
struct Failure {
  std::string model, change;  ///< "broken", "fixed" or ""
  Photo query;
  std::optional<Photo> answer, right;
};

/// A line of a chart: x, y from 0 to 1, and where there is an interval its ends.
struct Series {
  std::string name;
  std::vector<std::vector<double>> points;
};

struct Page {
  std::string title;
  Comparison comparison;  ///< of one run: a single row
  std::vector<Failure> failures;
  std::size_t failures_left_out = 0;
  std::vector<std::string> thumbnails;  ///< data: URIs
  std::vector<Series> views, roc;       ///< left out when empty
};

std::string to_html(const Page& page);

}  // namespace matcher::report
