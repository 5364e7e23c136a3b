// Published results as one HTML file each, with tables, charts and photos. It needs no network and no scripts: those
// only filter, sort and enlarge.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "matcher/report/adaptation.hpp"
#include "matcher/report/answers.hpp"
#include "matcher/report/audit.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/report/detection.hpp"
#include "matcher/report/fusion.hpp"
#include "matcher/report/trend.hpp"
#include "matcher/report/tuning.hpp"
#include "matcher/report/views.hpp"

namespace matcher::report {

/// Small photos as data: URIs, by the path of the original. A path that is missing has no photo.
using Thumbnails = std::map<std::string, std::string>;

/// A photo of a card.
struct Photo {
  std::string id, label, text;
  std::string path = {};  ///< a key of the page's thumbnails
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
  Thumbnails thumbnails;
  std::vector<Series> views, roc;  ///< empty: no chart
};

std::string to_html(const Page& page);
/// `ensemble` is the page of the fused run: its photos and curves are shown below the members.
std::string to_html(const Fusion& fusion, const Page& ensemble);
std::string to_html(const Trend& trend);
std::string to_html(const Views& views);
std::string to_html(const Detection& detection);
std::string to_html(const Adaptation& adaptation);
std::string to_html(const TunedRecipes& tuned);
std::string to_html(const Answers& answers, const Thumbnails& thumbnails);
std::string to_html(const Audit& audit, const Thumbnails& thumbnails);

/// The paths of the photos on the page of `answers`.
std::vector<std::string> photos_on_page(const Answers& answers);
/// The paths of the photos on the page of `audit`.
std::vector<std::string> photos_on_page(const Audit& audit);

}  // namespace matcher::report
