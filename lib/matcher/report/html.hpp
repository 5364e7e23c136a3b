// A comparison, or one run, as one HTML file with tables, charts and photos. It needs no network and no scripts: those
// only filter, sort and enlarge.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/report/comparison.hpp"

namespace matcher::report {

/// A photo of a card. Its thumbnail is an index into Page::thumbnails, or -1.
struct Photo {
  std::string id, label, text;
  int thumbnail = -1;
  std::string note = {};  ///< its score, or its rank among the answers
};

/// The first answer against the baseline's: still right or still wrong, wrong now, or right now.
enum class Outcome { same, broken, fixed };

/// A query with a wrong answer, or whose answer changed from the baseline's.
struct Failure {
  std::string model;
  Outcome outcome = Outcome::same;
  Photo query;
  std::optional<Photo> answer, right;
};

/// A line of a chart. A point is x, y from 0 to 1, and optionally the ends of an interval of y.
struct Series {
  std::string name;
  std::vector<std::vector<double>> points;
};

struct Page {
  std::string title;
  Comparison comparison;  ///< one row: the page of a single run
  std::vector<Failure> failures;
  std::size_t failures_left_out = 0;
  std::vector<std::string> thumbnails;  ///< data: URIs
  std::vector<Series> views, roc;       ///< empty: no chart
};

std::string to_html(const Page& page);

}  // namespace matcher::report
